import type { Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';

/** One key that this replica may look at until its lease ends. */
export interface ClaimedWork {
  readonly kind: WorkKind;
  readonly key: string;
  /** Whose it is; empty when what the key names is gone. */
  readonly project: string;
  readonly version: string;
  readonly attempts: number;
  /** Looks in a row that ended with the process that took them. */
  readonly crashes: number;
  readonly traceparent: string | null;
}

/** What a replica has places for. */
export interface Places {
  readonly most: number;
  readonly leaseMs: number;
  /** How many keys of each project it looks at already. */
  readonly running: ReadonlyMap<string, number>;
  /** How many of one project it ever looks at together: no project holds every place. */
  readonly projectMax: number;
}

/** When failed work is due again. */
export interface ComesBack {
  /** Nothing: only a new mark brings it back. */
  readonly afterMs: number | undefined;
  readonly now: number;
}

/** Work that took its process with it this often is set aside. */
export const crashesMax = 3;

/** A mark brings back what was set aside, but not sooner: a crash every ten minutes is no crash loop. */
export const setAsideMs = 600_000;

/** Everything that waits to be looked at: claimed with a lease, finished only in the version that was seen. */
export interface WorkTable {
  /**
   * Takes due keys that no other replica holds, in turns: first those of the projects that have the fewest here, and of
   * one project what has waited longest. A crash gives them back when the lease ends.
   */
  claim(kind: WorkKind, places: Places): Promise<readonly ClaimedWork[]>;
  /** Takes one due key that was given back by a crash more than once; `claim` passes over those. */
  claimSuspect(kind: WorkKind, leaseMs: number): Promise<ClaimedWork | undefined>;
  /** Still at it: nobody else may take these keys for another lease. */
  renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void>;
  /** Done: gone, unless somebody marked it in between; then it is due again at once. */
  finish(work: ClaimedWork): Promise<void>;
  /** Done for now: due again after `afterMs`, or earlier when somebody marks it. */
  comeBack(work: ClaimedWork, afterMs: number): Promise<void>;
  /** Failed: due again as `comesBack` says. The error stays to be read. */
  fail(work: ClaimedWork, fault: Fault, comesBack: ComesBack): Promise<void>;
  /** Not looked at any more: it waits with its error for a person, or for a mark and then for `setAsideMs`. */
  setAside(work: ClaimedWork, fault: Fault, now: number): Promise<void>;
}
