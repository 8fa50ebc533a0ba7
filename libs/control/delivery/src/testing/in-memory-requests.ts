import type { OrderGiver } from '../delivery-record.port.ts';

/** What orders answered, in memory: one that comes again with its request is told what it was told before. */
export class InMemoryRequests {
  readonly #answers = new Map<string, unknown>();

  /** Carries out an order, unless its request was carried out already. One that is refused may come again. */
  carryOutOnce<Answer>({ request }: OrderGiver, carryOut: () => Answer): Answer {
    if (request === undefined) return carryOut();
    if (!this.#answers.has(request)) this.#answers.set(request, carryOut());
    return this.#answers.get(request) as Answer;
  }
}
