import type { Outcome } from '@flotilla/foundation';
import type { Actor, Page, PageRequest } from '@flotilla/model';
import type { ApiToken } from './api-token.ts';

/** A token that somebody wants to be made. */
export type TokenOrder = Pick<ApiToken, 'hash' | 'name' | 'permission' | 'project'> & {
  /** How long it is good for; without it, until it is revoked. */
  readonly lifeMs?: number | undefined;
  readonly by: Actor;
  /** What makes repeats of this order one order. */
  readonly request: string;
};

/** Tokens that shall be good no more. */
export interface RevokeOrder {
  /** An id, or a name and with it every token of it. */
  readonly token: string;
  /** Only among those of this project; without it, among all. */
  readonly project?: string | undefined;
  readonly by: Actor;
}

/** API tokens, by the hash that is all we keep of their text. What is made and revoked writes its line into the ledger. */
export interface Tokens {
  find(hash: string): Promise<ApiToken | undefined>;
  /** Which of these are good at this moment. */
  good(hashes: readonly string[], now: number): Promise<readonly string[]>;
  /** Makes sure that this token exists with these rights; the way in when there is no other yet. */
  ensure(token: Pick<ApiToken, 'hash' | 'name' | 'permission'>): Promise<void>;
  /** Notes that a token was used. */
  used(hash: string, at: number): Promise<void>;
  /** The token that this order made. Of one that comes again that is the first one, and has another hash. */
  make(order: TokenOrder): Promise<ApiToken>;
  /** Newest first. */
  list(query: { readonly project?: string | undefined; readonly page: PageRequest }): Promise<Page<ApiToken>>;
  /** All of them at once, or none: refused when there is none, or when nobody were left who could make others. */
  revoke(order: RevokeOrder): Promise<Outcome<readonly ApiToken[], 'missing' | 'locks-out'>>;
}
