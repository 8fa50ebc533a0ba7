import type { GitRemote } from './git-remote.port.ts';

/** What stands at a path: a file, a link, a submodule, by its id. */
export interface ListedFile {
  readonly mode: string;
  readonly oid: string;
}

/** Whom a commit names, and when. */
export interface CommitPerson {
  readonly name: string;
  readonly email: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A commit that was made and not sent yet. */
export interface NewCommit {
  readonly id: string;
  readonly parent: string;
}

/** `moved`: somebody was faster. `refused`: the host does not want it, and says why. In both nothing was changed. */
export type PushOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'moved'; readonly commit: string | undefined }
  | { readonly kind: 'refused'; readonly why: string };

/** A remote that `sources` may write to. */
export interface GitWriter extends GitRemote {
  /** Everything below the paths of a commit, by path from the root, without fetching a file. */
  list(options: {
    commit: string;
    paths: readonly string[];
    signal?: AbortSignal;
  }): Promise<ReadonlyMap<string, ListedFile>>;
  /**
   * Makes a commit on `head` in which only these files are others: one that the repository has already, a new one, or none.
   * Equal options make the equal commit; nothing comes back when nothing would change. Nothing is sent.
   */
  commitFiles(options: {
    head: string;
    changes: ReadonlyMap<string, ListedFile | { readonly content: Uint8Array } | undefined>;
    message: string;
    author: CommitPerson;
    committer: CommitPerson;
    signal?: AbortSignal;
  }): Promise<NewCommit | undefined>;
  /** Moves a ref, only if it is at `before`. A fault leaves open whether it took effect only when nobody can be asked. */
  push(options: {
    ref: string;
    before: string | undefined;
    commit: NewCommit;
    signal?: AbortSignal;
  }): Promise<PushOutcome>;
}

/** Opens remotes with the credential that may write: a secret of its own, which nothing else is read with. */
export interface GitWriters {
  openToWrite(repository: { uid: string; project: string; url: string; credential: string }): Promise<GitWriter>;
}
