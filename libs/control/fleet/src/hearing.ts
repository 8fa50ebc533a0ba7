import type { Clock } from '@flotilla/foundation';

/** After this long without a word a cluster counts as lost. */
export const lostAfterMs = 30_000;

/**
 * Since when this replica could have heard a cluster. Losing the broker, failing to store what was heard, or standing
 * still (a paused process, a suspended machine) starts the count again: a cluster is never called lost because we
 * were deaf.
 */
export class Hearing {
  readonly #clock: Clock;
  readonly #stillMaxMs: number;
  #since: number | undefined;
  #lastTick: number;

  constructor(clock: Clock, stillMaxMs = 5_000) {
    this.#clock = clock;
    this.#stillMaxMs = stillMaxMs;
    this.#lastTick = clock.now();
  }

  /** The line to the agents works from now on. */
  regained(): void {
    this.#since ??= this.#clock.now();
  }

  lost(): void {
    this.#since = undefined;
  }

  /** To be called every second or so: a long gap between two calls means that the process stood still. */
  tick(): void {
    const now = this.#clock.now();
    if (now - this.#lastTick > this.#stillMaxMs && this.#since !== undefined) this.#since = now;
    this.#lastTick = now;
  }

  /** Since when everything that was said could be heard and stored; `undefined` while deaf. */
  get since(): number | undefined {
    return this.#since;
  }

  /** Whether silence now means something. The process may have stood still since the last tick, in the middle of a look. */
  get canJudge(): boolean {
    const now = this.#clock.now();
    if (this.#since === undefined || now - this.#lastTick > this.#stillMaxMs) return false;
    return now - this.#since >= lostAfterMs;
  }
}
