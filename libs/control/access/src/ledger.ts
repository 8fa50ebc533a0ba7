import type { Actor } from '@flotilla/model';

/** One line of the ledger. It is written in the transaction of the thing that it tells of, or not at all. */
export interface LedgerEntry {
  readonly project: string;
  readonly actor: Actor;
  /** What was done, as `noun.verb`: `document.update`, `rollout.start`, `cluster.join`. */
  readonly action: string;
  readonly subject: string;
  readonly message: string;
}
