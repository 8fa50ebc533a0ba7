import type { Idempotency, IdempotentRequest, RememberedAnswer } from '@flotilla/control-access';
import { done, Fault, refused } from '@flotilla/foundation';

/** Idempotency keys in memory; they are remembered for ever, which no test outlives. */
export class InMemoryIdempotency implements Idempotency {
  readonly #requests = new Map<string, { digest: string; answer?: RememberedAnswer }>();
  /** No answer can be kept. */
  isFull = false;

  async begin({ principal, key, requestDigest }: IdempotentRequest): ReturnType<Idempotency['begin']> {
    const id = `${principal} ${key}`;
    const first = this.#requests.get(id);
    if (!first) this.#requests.set(id, { digest: requestDigest });
    if (first && first.digest !== requestDigest) return refused('other-request');
    return !first || first.answer ? done(first?.answer) : refused('in-flight');
  }

  async finish({ principal, key, requestDigest }: IdempotentRequest, answer: RememberedAnswer): Promise<void> {
    if (this.isFull) throw new Fault({ code: 'unavailable', reason: 'DatabaseFull', message: 'there is no room' });
    this.#requests.set(`${principal} ${key}`, { digest: requestDigest, answer });
  }

  async abandon({ principal, key }: IdempotentRequest): Promise<void> {
    this.#requests.delete(`${principal} ${key}`);
  }

  /** Everything that a copy of the table would show. */
  dump(): string {
    return JSON.stringify([...this.#requests.values()]);
  }
}
