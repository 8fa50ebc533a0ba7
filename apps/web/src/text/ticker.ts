import { every, type Clock, type Running } from '@flotilla/foundation';

/** One heart for all ages on the page: it beats only while somebody looks. */
export class Ticker {
  readonly #clock: Clock;
  readonly #intervalMs: number;
  readonly #listeners = new Set<() => void>();
  #beating: Running | undefined;
  #nowMs: number;

  constructor({ clock, intervalMs }: { readonly clock: Clock; readonly intervalMs: number }) {
    this.#clock = clock;
    this.#intervalMs = intervalMs;
    this.#nowMs = clock.now();
  }

  /** The time of the last beat, so that everything that is shown together has the same now. */
  get nowMs(): number {
    return this.#beating ? this.#nowMs : this.#clock.now();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#beating ??= this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size > 0) return;
      void this.#beating?.stop();
      this.#beating = undefined;
    };
  };

  #start(): Running {
    const beat = async () => {
      this.#nowMs = this.#clock.now();
      for (const listener of this.#listeners) listener();
    };
    return every({ clock: this.#clock, intervalMs: this.#intervalMs, run: beat, onError: () => undefined });
  }
}
