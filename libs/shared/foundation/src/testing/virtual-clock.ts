import type { Clock } from '../clock.ts';

interface Sleeper {
  readonly dueAt: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to: a day passes in a moment, and always in the same order. */
export class VirtualClock implements Clock {
  #now: number;
  /** In the order in which they wake. */
  readonly #sleepers: Sleeper[] = [];

  /** How many macro-task turns what was woken gets: streams of the platform need several, promises one. */
  readonly #turns: number;

  constructor(startMs = Date.UTC(2026, 0, 1), { turns = 3 }: { turns?: number } = {}) {
    this.#now = startMs;
    this.#turns = turns;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const abort = () => {
        this.#sleepers.splice(this.#sleepers.indexOf(sleeper), 1);
        resolve();
      };
      // One signal outlives many sleeps: each takes its listener away again.
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: this.#now + Math.max(0, ms), wake };
      const before = this.#sleepers.findLastIndex(({ dueAt }) => dueAt <= sleeper.dueAt);
      this.#sleepers.splice(before + 1, 0, sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves on by `ms`, waking each sleeper at its moment and letting what it started run before the next wakes. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    while (this.#isDueBy(end)) {
      const next = this.#sleepers.shift()!;
      this.#now = Math.max(this.#now, next.dueAt);
      next.wake();
      await this.#settle();
    }
    this.#now = end;
  }

  #isDueBy(end: number): boolean {
    return this.#sleepers.length > 0 && this.#sleepers[0]!.dueAt <= end;
  }

  /** Lets every promise that can move do so. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
