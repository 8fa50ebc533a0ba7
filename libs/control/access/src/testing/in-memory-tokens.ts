import { done, isoTime, systemClock, type Clock } from '@flotilla/foundation';
import { actorText, type Page, type PageRequest } from '@flotilla/model';
import { tokenState, type ApiToken } from '../api-token.ts';
import type { LedgerEvent } from '../ledger.ts';
import { planRevoke } from '../plan-revoke.ts';
import { tokenLine } from '../token-line.ts';
import type { RevokeOrder, TokenOrder, Tokens } from '../tokens.port.ts';

/** API tokens in memory, with the lines that the ledger would have of them. */
export class InMemoryTokens implements Tokens {
  readonly lines: LedgerEvent[] = [];
  readonly #clock: Clock;
  readonly #tokens = new Map<string, ApiToken>();
  readonly #requests = new Map<string, string>();

  constructor(clock: Clock = systemClock) {
    this.#clock = clock;
  }

  async find(hash: string): Promise<ApiToken | undefined> {
    return this.#tokens.get(hash);
  }

  async good(hashes: readonly string[], now: number): Promise<readonly string[]> {
    return hashes.filter((hash) => {
      const token = this.#tokens.get(hash);
      return token && tokenState(token, now) === 'Active';
    });
  }

  async ensure(token: Pick<ApiToken, 'hash' | 'name' | 'permission' | 'project'>): Promise<void> {
    if (!this.#tokens.has(token.hash)) this.#tokens.set(token.hash, { ...token, createdAt: this.#now() });
  }

  async used(hash: string, at: number): Promise<void> {
    const token = this.#tokens.get(hash);
    if (token && (token.lastUsedAt?.getTime() ?? 0) < at) this.#change(token, { lastUsedAt: new Date(at) });
  }

  async make({ lifeMs, by, request, ...order }: TokenOrder): Promise<ApiToken> {
    const before = this.#tokens.get(this.#requests.get(request) ?? '');
    if (before) return before;
    const createdAt = this.#now();
    const expiresAt = lifeMs === undefined ? {} : { expiresAt: new Date(createdAt.getTime() + lifeMs) };
    const token: ApiToken = { ...order, createdAt, createdBy: actorText(by), ...expiresAt };
    this.#tokens.set(token.hash, token);
    this.#requests.set(request, token.hash);
    this.lines.push(tokenLine('create', token, by));
    return token;
  }

  async list({ project, page }: { project?: string | undefined; page: PageRequest }): Promise<Page<ApiToken>> {
    const places = [...this.#tokens.values()]
      .filter((token) => project === undefined || token.project === project)
      .map((token) => ({ token, place: `${isoTime(token.createdAt.getTime())} ${token.hash}` }))
      .toSorted((left, right) => (left.place > right.place ? -1 : 1))
      .filter(({ place }) => page.cursor === undefined || place < page.cursor);
    const shown = places.slice(0, page.limit);
    const more = places.length > page.limit ? { nextCursor: shown.at(-1)!.place } : {};
    return { items: shown.map(({ token }) => token), ...more };
  }

  async revoke(order: RevokeOrder): ReturnType<Tokens['revoke']> {
    const standing = [...this.#tokens.values()].filter(({ revokedAt }) => !revokedAt);
    const going = planRevoke(standing, order);
    if (!going.ok) return going;
    const end = { revokedAt: this.#now(), revokedBy: actorText(order.by) };
    this.lines.push(...going.value.map((token) => tokenLine('revoke', token, order.by)));
    return done(going.value.map((token) => this.#change(token, end)));
  }

  #change(token: ApiToken, change: Partial<ApiToken>): ApiToken {
    const changed = { ...token, ...change };
    this.#tokens.set(token.hash, changed);
    return changed;
  }

  #now(): Date {
    return new Date(this.#clock.now());
  }
}
