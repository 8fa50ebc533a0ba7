import type { SimRequest, SimResponse } from '../sim-request.ts';

/** An answer to give in place of the real one; nothing lets the request through. */
export type FailRule = (request: SimRequest) => SimResponse | undefined;

/** The faults that tests inject. */
export class Faults {
  readonly #rules = new Set<FailRule>();

  fail(rule: FailRule): () => void {
    this.#rules.add(rule);
    return () => this.#rules.delete(rule);
  }

  answer(request: SimRequest): SimResponse | undefined {
    for (const rule of this.#rules) {
      const response = rule(request);
      if (response) return response;
    }
    return undefined;
  }
}
