import type { Principal } from './principal.ts';

/** API tokens, by the hash that is all we keep of them. */
export interface Tokens {
  find(hash: string, now: number): Promise<Principal | undefined>;
  /** Makes sure that this token exists with these rights; the way in when there is no other yet. */
  ensure(hash: string, principal: Principal): Promise<void>;
}
