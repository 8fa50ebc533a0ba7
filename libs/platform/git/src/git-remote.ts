/** One ref of a remote. An annotated tag is peeled: `commit` is what it names, `tag` the tag object itself. */
export interface GitRef {
  readonly name: string;
  readonly commit: string;
  readonly tag?: string;
  /** What a symbolic ref points to: `HEAD` says here which branch is the default one. */
  readonly target?: string;
}

export interface ListRefsOptions {
  /** Full names, such as `refs/heads/main`. */
  readonly names?: readonly string[];
  /** Beginnings of full names, such as `refs/tags/v`. With neither names nor prefixes, every ref is listed. */
  readonly prefixes?: readonly string[];
  readonly signal?: AbortSignal;
}

export interface PullOptions {
  /** The full id of the commit; a branch is resolved first, with `listRefs`. */
  readonly commit: string;
  /** Paths from the root of the repository, with `/` between names; the empty path is the root itself. */
  readonly paths: readonly string[];
  /** With files, everything below each path; without, the trees down to each path, so that its id is known. */
  readonly files: boolean;
  /** A commit whose objects for these paths are held already: only what differs from it is sent. */
  readonly have?: string;
  readonly signal?: AbortSignal;
}

/** Who wrote or committed, by their own account. */
export interface Person {
  readonly name: string;
  readonly email: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A commit as its bytes say it, checked against its id. */
export interface CommitInfo {
  readonly id: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: Person;
  readonly committer: Person;
  readonly message: string;
  /** Present when the commit carries exactly one signature. Two are as good as none. */
  readonly signature?: CommitSignature;
}

/** A commit's signature and what it covers, for whoever checks it. */
export interface CommitSignature {
  /** The armoured signature, PGP or SSH. */
  readonly text: string;
  /** The exact bytes that were signed: the raw commit without its signature headers. */
  readonly payload: Uint8Array;
}

/** A commit with what was pulled of it, and what that cost. */
export interface PulledCommit {
  readonly commit: CommitInfo;
  /** The tree or blob id at each asked path, by the path as asked; `undefined` where this commit has nothing. */
  readonly trees: ReadonlyMap<string, string | undefined>;
  /** Bytes of request and answer bodies; the headers around them are counted by the dispatcher's `traffic`. */
  readonly bytes: { readonly up: number; readonly down: number };
  readonly requests: number;
}

/** A file of a commit; links and submodules never become one. */
export interface GitFile {
  /** Relative to the tree that was read. */
  readonly path: string;
  readonly mode: '100644' | '100755';
  readonly content: Uint8Array;
  readonly oid: string;
}

/**
 * One Git remote, of which nothing is ever checked out. The remote is trusted with nothing: whatever comes back was
 * hashed again here and led to by its id, from the commit down.
 */
export interface GitRemote {
  /** One request. A ref that does not exist is simply not in the list. */
  listRefs(options: ListRefsOptions): Promise<GitRef[]>;
  /** Brings a commit, and what lies on the way to each path, into the store. No request when all is held already. */
  pull(options: PullOptions): Promise<PulledCommit>;
  /** The regular files below a tree that was pulled with files. */
  files(tree: string): Promise<GitFile[]>;
}
