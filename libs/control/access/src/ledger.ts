import type { Actor, Page, PageRequest } from '@flotilla/model';

/** One line of the ledger, as it is given. It is written in the transaction of the thing that it tells of, or not at all. */
export interface LedgerEvent {
  readonly project: string;
  readonly actor: Actor;
  /** What was done, as `noun.verb`: `document.update`, `rollout.start`, `cluster.join`. */
  readonly action: string;
  readonly subject: string;
  readonly message: string;
}

/** A line of the ledger, as it is read. */
export interface RecordedEvent {
  readonly id: string;
  readonly at: Date;
  readonly project: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly message: string;
}

/** What screens read of the ledger, newest first. */
export interface LedgerReader {
  events(query: { project: string; subject?: string | undefined; page: PageRequest }): Promise<Page<RecordedEvent>>;
}
