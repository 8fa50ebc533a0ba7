import type { SimRequest, SimResponse } from '../sim-request.ts';

/** An answer to give in place of the real one; nothing lets the request through. */
export type FailRule = (request: SimRequest) => SimResponse | undefined;

/** The faults that tests inject. */
export class Faults {
  readonly #failures = new Set<FailRule>();
  readonly #stalls = new Set<{ matches: (request: SimRequest) => boolean; until: Promise<void> }>();

  fail(rule: FailRule): () => void {
    this.#failures.add(rule);
    return () => this.#failures.delete(rule);
  }

  /** Holds matching requests back until the returned function is called. */
  stall(matches: (request: SimRequest) => boolean): () => void {
    const { promise, resolve } = Promise.withResolvers<void>();
    const stall = { matches, until: promise };
    this.#stalls.add(stall);
    return () => {
      this.#stalls.delete(stall);
      resolve();
    };
  }

  async before(request: SimRequest): Promise<SimResponse | undefined> {
    for (const { matches, until } of this.#stalls) if (matches(request)) await until;
    for (const rule of this.#failures) {
      const response = rule(request);
      if (response) return response;
    }
    return undefined;
  }
}
