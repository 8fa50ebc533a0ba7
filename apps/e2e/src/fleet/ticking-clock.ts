import { systemClock, type Clock, type Running } from '@flotilla/foundation';

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Real time in steps. Ten thousand agents sleep most of the time, and a timer for each would cost more than what they
 * do when they wake: here one timer wakes all that are due. A sleep may so end up to a step late.
 */
export class TickingClock implements Clock, Running {
  readonly #sleepers = new Set<Sleeper>();
  readonly #stopping = new AbortController();
  readonly #ticking: Promise<void>;

  constructor(stepMs = 100) {
    this.#ticking = this.#tick(stepMs);
  }

  now(): number {
    return systemClock.now();
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.resolve();
    return new Promise((wake) => this.#sleepers.add({ due: this.now() + ms, wake, signal }));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ticking;
  }

  async #tick(stepMs: number): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await systemClock.sleep(stepMs, this.#stopping.signal);
      const now = this.now();
      for (const sleeper of this.#sleepers) {
        if (sleeper.due > now && !sleeper.signal?.aborted) continue;
        this.#sleepers.delete(sleeper);
        sleeper.wake();
      }
    }
  }
}
