/** One ref of a remote, with annotated tags peeled to the commit they name. */
export interface GitRef {
  readonly name: string;
  readonly commit: string;
}

/** A commit, as far as revisions tell of it. */
export interface CommitInfo {
  readonly id: string;
  readonly parents?: readonly string[];
  readonly author: { readonly name: string; readonly email: string; readonly at: number };
  readonly message: string;
}

/** A commit with what was asked of it. */
export interface PulledCommit {
  readonly commit: CommitInfo;
  /** The tree or blob id at each asked path; `undefined` where the commit has nothing. */
  readonly trees: ReadonlyMap<string, string | undefined>;
}

/** A file of a commit, by its path from the root. */
export interface GitFile {
  readonly path: string;
  readonly content: Uint8Array;
}

/** One Git remote as `sources` needs it. Everything that comes back was re-hashed from the commit down. */
export interface GitRemote {
  listRefs(options: { names: readonly string[]; signal?: AbortSignal }): Promise<GitRef[]>;
  pull(options: {
    commit: string;
    paths: readonly string[];
    files: boolean;
    have?: string;
    signal?: AbortSignal;
  }): Promise<PulledCommit>;
  /** The regular files below a tree that was pulled with `files`. */
  files(tree: string): Promise<GitFile[]>;
}

/** Opens remotes; keeps connections and objects between two looks at the same one. */
export interface GitRemotes {
  open(repository: { uid: string; project: string; url: string; credential?: string }): Promise<GitRemote>;
}
