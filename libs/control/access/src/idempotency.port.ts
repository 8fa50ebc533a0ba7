import type { Outcome } from '@flotilla/foundation';

/** A first answer that is given again to whoever repeats the request. */
export interface RememberedAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request that shall have one effect however often it is sent: whose, under which key, and what it asks. */
export interface IdempotentRequest {
  readonly principal: string;
  readonly key: string;
  /** Digest of route and body: the same key for something else is a mistake of the caller. */
  readonly requestDigest: string;
}

/** Remembers for a day which requests were answered. */
export interface Idempotency {
  /** `undefined`: nobody sent this before, go on. Refused: under way right now, or the key stands for another request. */
  begin(request: IdempotentRequest): Promise<Outcome<RememberedAnswer | undefined, 'in-flight' | 'other-request'>>;
  finish(request: IdempotentRequest, answer: RememberedAnswer): Promise<void>;
  /** The request failed: the key is free again. */
  abandon(request: IdempotentRequest): Promise<void>;
}
