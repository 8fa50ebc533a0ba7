import type { GitRemote, Person } from './git-remote.ts';
import type { GitObject } from './objects/git-object.ts';

/** What stands at a path: a file, a link, a submodule. Directories are only the paths of what they hold. */
export interface ListedFile {
  readonly mode: string;
  readonly oid: string;
}

export interface ListFilesOptions {
  readonly commit: string;
  readonly paths: readonly string[];
  readonly signal?: AbortSignal;
}

/** What shall stand at a path: something that the repository has, a new file, or nothing. */
export type FileChange = ListedFile | { readonly content: Uint8Array } | undefined;

export interface CommitFilesOptions {
  /** The commit to build on; everything that is not changed stays as it is there. */
  readonly head: string;
  /** By path from the root. */
  readonly changes: ReadonlyMap<string, FileChange>;
  readonly message: string;
  readonly author: Person;
  readonly committer: Person;
  readonly signal?: AbortSignal;
}

/** A commit that was made here and is nowhere else yet. */
export interface NewCommit {
  readonly id: string;
  readonly parent: string;
  /** What the repository lacks: the commit, the directories that changed, the new files. */
  readonly objects: readonly GitObject[];
}

export interface PushOptions {
  /** A full name, such as `refs/heads/main`. */
  readonly ref: string;
  /** Where it has to point now; it must not exist when nothing is given. Nothing is ever forced. */
  readonly before: string | undefined;
  readonly commit: NewCommit;
  readonly signal?: AbortSignal;
}

/**
 * What became of a push, read back from the host where the answer left room for doubt. `moved`: somebody was faster, and
 * nothing was changed. `refused`: the host does not want it, as for a protected branch or by a hook; its words are in `why`.
 */
export type PushOutcome =
  | { readonly kind: 'done' }
  | { readonly kind: 'moved'; readonly commit: string | undefined }
  | { readonly kind: 'refused'; readonly why: string };

/** A remote that can be written to. Commits are made from objects, without a work tree, and sent without what is there. */
export interface GitWriter extends GitRemote {
  /** Everything below the paths of a commit, by path from the root, without fetching a file. */
  list(options: ListFilesOptions): Promise<ReadonlyMap<string, ListedFile>>;
  /** Makes a commit and sends nothing; nothing comes back when it would change nothing. Equal options, equal commit. */
  commitFiles(options: CommitFilesOptions): Promise<NewCommit | undefined>;
  /** A fault says that it did not take effect, or that the host could not be asked either: then look before trying again. */
  push(options: PushOptions): Promise<PushOutcome>;
}
