import type { RepositoryDocument } from '@flotilla/model';
import type { CommitInfo } from './git-remote.port.ts';

/** A ref that somebody tracks, and what was last seen there. */
export interface TrackedRef {
  readonly ref: string;
  readonly commit?: string;
  /** Paths whose tree is known at `commit`. */
  readonly known: ReadonlySet<string>;
}

/** Everything that a look at one repository has to know. */
export interface WatchedRepository {
  readonly uid: string;
  readonly document: RepositoryDocument;
  readonly refs: readonly TrackedRef[];
  /** Which application reads which paths at which ref. */
  readonly readers: readonly PathReader[];
  /** The commit and path whose documents took effect last, as `commit:path`. */
  readonly configured?: string;
}

/** An application that reads these paths at a ref: what changes there is its business. */
export interface PathReader {
  readonly application: string;
  readonly ref: string;
  readonly paths: readonly string[];
}

/** A fact: this ref points to this commit, and these paths have these trees there. */
export interface RevisionObserved {
  readonly repository: string;
  readonly ref: string;
  readonly commit: CommitInfo;
  readonly trees: ReadonlyMap<string, string | undefined>;
  readonly readers: readonly PathReader[];
}

/** The record of what was seen in Git. */
export interface Revisions {
  watched(repository: string): Promise<WatchedRepository | undefined>;
  /**
   * Stores the fact and marks every application to be planned whose paths changed, in one transaction. Returns the
   * applications it marked.
   */
  record(observed: RevisionObserved): Promise<readonly string[]>;
}
