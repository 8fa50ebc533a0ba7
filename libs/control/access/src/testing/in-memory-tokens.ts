import type { Principal } from '../principal.ts';
import type { Tokens } from '../tokens.port.ts';

interface StoredToken {
  readonly principal: Principal;
  readonly expiresAt?: number;
  readonly isRevoked?: boolean;
}

/** API tokens in memory. */
export class InMemoryTokens implements Tokens {
  readonly #tokens = new Map<string, StoredToken>();

  async find(hash: string, now: number): Promise<Principal | undefined> {
    const token = this.#tokens.get(hash);
    if (!token || token.isRevoked || (token.expiresAt ?? Infinity) <= now) return undefined;
    return token.principal;
  }

  async ensure(hash: string, principal: Principal): Promise<void> {
    if (!this.#tokens.has(hash)) this.#tokens.set(hash, { principal });
  }

  /** Lets a token end, as an administrator or its age would. */
  end(hash: string, how: { readonly expiresAt: number } | { readonly isRevoked: true }): void {
    this.#tokens.set(hash, { ...this.#tokens.get(hash)!, ...how });
  }
}
