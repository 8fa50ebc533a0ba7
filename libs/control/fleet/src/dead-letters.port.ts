import type { Actor, Page, PageRequest } from '@flotilla/model';

/** A message of an agent that could not be handled, as it is put away. */
export interface DeadMessage {
  readonly cluster: string;
  /** Who could not handle it: several services hear the same message. */
  readonly service: string;
  /** The kind of message, as its subject names it. */
  readonly kind: string;
  /** What is kept of it; `size` and `digest` are those of all of it. */
  readonly data: Uint8Array;
  readonly size: number;
  readonly digest: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
}

/** Puts away what could not be handled: bounded for each cluster and in all, and the same thing is counted. */
export interface DeadLetters {
  /** Returns how many older letters had to make way. */
  keep(messages: readonly DeadMessage[]): Promise<number>;
}

/** A dead letter: a message that was dropped, or work that is not looked at any more. */
export interface DeadLetterReading {
  readonly id: string;
  readonly kind: 'message' | 'work';
  /** The kind of message; of work its kind and key. */
  readonly subject: string;
  /** Who said it, by name; of messages only. */
  readonly cluster?: string;
  readonly reason: string;
  readonly message: string;
  readonly firstAt: Date;
  readonly lastAt: Date;
  /** How often the same thing came, or was tried. */
  readonly count: number;
  readonly size: number;
}

/** A letter with what it holds: all of it, or its beginning. */
export interface DeadLetterContent extends DeadLetterReading {
  readonly content: Uint8Array;
}

/** A message as it is handed in again. */
export interface ReplayedMessage {
  readonly cluster: string;
  readonly kind: string;
  readonly data: Uint8Array;
}

/** What a person does about one letter. */
export interface LetterOrder {
  readonly project: string;
  readonly id: string;
  readonly by: Actor;
}

/** Where people read dead letters, and say what becomes of them. */
export interface DeadLetterDesk {
  letters(query: { project: string; page: PageRequest }): Promise<Page<DeadLetterReading>>;
  letter(project: string, id: string): Promise<DeadLetterContent | undefined>;
  /**
   * Lets the letter go through the same door once more: work is due, a message goes to `send`, within the transaction
   * that forgets the letter. False when there is no such letter.
   */
  replay(order: LetterOrder, send: (message: ReplayedMessage) => void): Promise<boolean>;
  discard(order: LetterOrder): Promise<boolean>;
}
