import type { Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';

/** One key that this replica may look at until its lease ends. */
export interface ClaimedWork {
  readonly kind: WorkKind;
  readonly key: string;
  readonly version: string;
  readonly attempts: number;
  readonly traceparent: string | null;
}

/** When failed work is due again. */
export interface ComesBack {
  /** Nothing: only a new mark brings it back. */
  readonly afterMs: number | undefined;
  readonly now: number;
}

/** Everything that waits to be looked at: claimed with a lease, finished only in the version that was seen. */
export interface WorkTable {
  /** Takes up to `most` due keys that no other replica holds. A crash gives them back when the lease ends. */
  claim(kind: WorkKind, most: number, leaseMs: number): Promise<readonly ClaimedWork[]>;
  /** Still at it: nobody else may take these keys for another lease. */
  renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void>;
  /** Done: gone, unless somebody marked it in between; then it is due again at once. */
  finish(work: ClaimedWork): Promise<void>;
  /** Done for now: due again after `afterMs`, or earlier when somebody marks it. */
  comeBack(work: ClaimedWork, afterMs: number): Promise<void>;
  /** Failed: due again as `comesBack` says. The error stays to be read. */
  fail(work: ClaimedWork, fault: Fault, comesBack: ComesBack): Promise<void>;
}
