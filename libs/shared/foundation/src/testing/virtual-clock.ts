import type { Clock } from '../clock.ts';

interface Sleeper {
  readonly dueAt: number;
  readonly order: number;
  readonly wake: () => void;
}

/** A clock that moves only when told to: a day passes in a moment, and always in the same order. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #sleepers: Sleeper[] = [];

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
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        resolve();
      };
      // One signal outlives many sleeps: each takes its listener away again.
      const wake = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const sleeper: Sleeper = { dueAt: this.#now + Math.max(0, ms), order: this.#order++, wake };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Moves on by `ms`, waking each sleeper at its moment and letting what it started run before the next wakes. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await this.#settle();
    for (let next = this.#next(end); next; next = this.#next(end)) {
      this.#now = Math.max(this.#now, next.dueAt);
      this.#sleepers = this.#sleepers.filter((other) => other !== next);
      next.wake();
      await this.#settle();
    }
    this.#now = end;
  }

  #next(end: number): Sleeper | undefined {
    let first: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.dueAt > end) continue;
      if (!first || sleeper.dueAt < first.dueAt || (sleeper.dueAt === first.dueAt && sleeper.order < first.order)) {
        first = sleeper;
      }
    }
    return first;
  }

  /** Lets every promise that can move do so. */
  async #settle(): Promise<void> {
    for (let turn = 0; turn < this.#turns; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
