import type { Clock } from '@flotilla/foundation';

interface AtMostEveryOptions {
  readonly clock: Clock;
  readonly intervalMs: number;
  readonly run: () => Promise<unknown>;
}

/**
 * Does something when it is asked for: at once, and then at most once per interval and never twice at a time, however
 * often it is asked. A thousand clusters that report in the same second cost one request. What is asked for while it
 * runs is done once more: the answer that is on its way may be older than the question.
 */
export class AtMostEvery {
  readonly #options: AtMostEveryOptions;
  readonly #leaving = new AbortController();
  #busy = false;
  #asked = false;

  constructor(options: AtMostEveryOptions) {
    this.#options = options;
  }

  ask(): void {
    this.#asked = true;
    if (!this.#busy) void this.#runWhileAsked();
  }

  /** Nothing is done any more. */
  stop(): void {
    this.#leaving.abort();
  }

  async #runWhileAsked(): Promise<void> {
    const { clock, intervalMs, run } = this.#options;
    const { signal } = this.#leaving;
    this.#busy = true;
    while (this.#asked && !signal.aborted) {
      this.#asked = false;
      await Promise.allSettled([run(), clock.sleep(intervalMs, signal)]);
    }
    this.#busy = false;
  }
}
