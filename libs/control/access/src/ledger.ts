import type { Actor, ChainPoint, LedgerAction, LedgerLine, Page, PageRequest } from '@flotilla/model';

/** One line of the ledger, as it is given. It is written in the transaction of the thing that it tells of, or not at all. */
export interface LedgerEvent {
  readonly project: string;
  readonly actor: Actor;
  /** What was done, as `noun.verb`: `document.update`, `rollout.start`, `cluster.join`. */
  readonly action: LedgerAction;
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
  /** Its place in the chain, once it is sealed. */
  readonly seq?: number;
}

/** Which lines of one project are asked for. */
export interface EventQuery {
  readonly project: string;
  readonly subject?: string | undefined;
  readonly actor?: string | undefined;
  /** One action, or all that are about one noun: `target.`. */
  readonly action?: string | undefined;
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  readonly page: PageRequest;
}

/** A stretch of the chain, with where the whole of it begins and ends at this very moment. */
export interface ChainStretch {
  readonly anchor: ChainPoint;
  readonly head: ChainPoint;
  /** Lines that are committed and wait for their place. */
  readonly unsealed: number;
  readonly lines: readonly LedgerLine[];
}

/** What screens read of the ledger, newest first; and the chain, of all projects, from its beginning on. */
export interface LedgerReader {
  events(query: EventQuery): Promise<Page<RecordedEvent>>;
  chain(query: { readonly after?: number | undefined; readonly limit: number }): Promise<ChainStretch>;
}
