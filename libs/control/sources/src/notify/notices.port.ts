import type { NotifierDocument } from '@flotilla/model';

/** A line of the ledger that somebody outside is to hear of. */
export interface Notice {
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly message: string;
}

/** Some notices for one receiver. It is the same under its id however often it is sent, so that doubles can be dropped. */
export interface Delivery {
  readonly id: string;
  readonly project: string;
  readonly notifier: string;
  readonly to: NotifierDocument['spec']['to'];
  /** In the order in which they were written; never none. */
  readonly notices: readonly Notice[];
  /** How many wait behind these. */
  readonly waiting: number;
}

/** What receivers are still to be told: written with the line itself, and gone once a receiver took it. */
export interface Notices {
  /** The delivery that is due to a notifier: one that was begun before any new one. None when all is told. */
  next(notifier: string): Promise<Delivery | undefined>;
  delivered(delivery: Delivery): Promise<void>;
}

/** One request to a receiver. */
export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The way to receivers. What one does not take is a fault that says whether to come again. */
export interface Receivers {
  post(post: Post, signal: AbortSignal): Promise<void>;
}
