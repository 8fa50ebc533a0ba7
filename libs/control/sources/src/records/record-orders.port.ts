import type { RecordCause } from '@flotilla/model';
import type { StoredRepository } from '../repositories.port.ts';

/** What Git is to say that a stage runs. */
export interface RecordOrder {
  /** Of one order alone: the same release that is asked for anew has another. */
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly environment: string;
  readonly release: string;
  readonly revision: string;
  /** The source digest that enters, or runs. */
  readonly digest: string;
  readonly cause: RecordCause;
  /** The name of the Repository document, and its document; absent when it is gone. */
  readonly repository: string;
  readonly document?: StoredRepository;
  readonly branch: string;
  readonly path: string;
  /** Who promoted it, or ordered to go back to it; nobody did where it goes by itself. */
  readonly by: string | null;
  readonly askedAt: Date;
  /** How often it was asked for or tried before. */
  readonly tries: number;
  /** How many of the last tries failed. */
  readonly failures: number;
  /** In how long it is to be tried; now, when that is past. */
  readonly dueInMs: number;
}

/** What became of one try: it was read back from this head of the branch, or something stands in the way. */
export type RecordEnd =
  | { readonly state: 'Written'; readonly commit: string }
  | { readonly state: 'Failing'; readonly reason: string; readonly againInMs: number };

/** The record of what is to be written down, which a plan fills and reads. */
export interface RecordOrders {
  /** What waits to be written down; nothing once it is, or something newer is to be. */
  find(uid: string): Promise<RecordOrder | undefined>;
  /** Notes how one try ended, and has the application planned. A try that another one took over from changes nothing. */
  ended(order: RecordOrder, end: RecordEnd): Promise<void>;
}
