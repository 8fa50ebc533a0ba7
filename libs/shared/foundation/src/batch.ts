import type { Clock } from './clock.ts';
import { Fault } from './fault.ts';

/** How much may gather, how long, and where it goes then. */
export interface BatchOptions<Item> {
  readonly clock: Clock;
  /** The longest an item waits for company. */
  readonly windowMs: number;
  /**
   * No flush begins sooner than this after the last one: in a storm few large flushes are cheaper than many small ones,
   * also where those who come wait for their answers and so never wait together.
   */
  readonly stormWindowMs?: number;
  /** A batch never holds more; the next one starts at once. */
  readonly itemsMax: number;
  /** No more than this wait; whoever comes after is refused. Forty full batches when absent. */
  readonly waitingMax?: number;
  readonly flush: (items: readonly Item[]) => Promise<void>;
}

/**
 * Gathers single items into few writes. Batches run one after another, so a slow flush makes the next batch larger
 * instead of piling up work; `add` settles with the flush that carried the item.
 */
export class Batch<Item> {
  readonly #options: BatchOptions<Item>;
  #waiting: { item: Item; settle: (error?: unknown) => void }[] = [];
  #running: Promise<void> | undefined;
  #flushedAt = -Infinity;

  constructor(options: BatchOptions<Item>) {
    this.#options = options;
  }

  add(item: Item): Promise<void> {
    const { itemsMax, waitingMax = 40 * itemsMax } = this.#options;
    if (this.#waiting.length >= waitingMax) return Promise.reject(overloaded(waitingMax));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits and nothing runs. */
  async idle(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    const { clock, itemsMax } = this.#options;
    while (this.#waiting.length > 0) {
      if (this.#waiting.length < itemsMax) await clock.sleep(this.#windowMs());
      const taken = this.#waiting.splice(0, itemsMax);
      const error = await this.#flush(taken.map(({ item }) => item));
      this.#flushedAt = clock.now();
      for (const { settle } of taken) settle(error);
    }
    this.#running = undefined;
  }

  #windowMs(): number {
    const { clock, windowMs, stormWindowMs = windowMs } = this.#options;
    return Math.max(windowMs, this.#flushedAt + stormWindowMs - clock.now());
  }

  async #flush(items: readonly Item[]): Promise<unknown> {
    try {
      await this.#options.flush(items);
      return undefined;
    } catch (error) {
      return error ?? new Error('flush failed');
    }
  }
}

function overloaded(waiting: number): Fault {
  const message = `${waiting} items wait already and are not taken in; say it again later`;
  return new Fault({ code: 'too-many', reason: 'BatchFull', message });
}
