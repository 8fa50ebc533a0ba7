import type { NextFrame } from './frames.ts';

interface FrameBatchOptions<Item> {
  readonly nextFrame: NextFrame;
  /** A batch that grows to this is handed on at once, painted or not. */
  readonly itemsMax: number;
  readonly flush: (items: readonly Item[]) => void;
}

/** Gathers what happens between two frames, so that thousands of changes at once are painted once. */
export class FrameBatch<Item> {
  readonly #options: FrameBatchOptions<Item>;
  #waiting: Item[] = [];
  #due = false;

  constructor(options: FrameBatchOptions<Item>) {
    this.#options = options;
  }

  add(item: Item): void {
    this.#waiting.push(item);
    if (this.#waiting.length >= this.#options.itemsMax) return this.#handOn();
    if (this.#due) return;
    this.#due = true;
    void this.#options.nextFrame().then(() => {
      this.#due = false;
      this.#handOn();
    });
  }

  #handOn(): void {
    const items = this.#waiting;
    this.#waiting = [];
    if (items.length > 0) this.#options.flush(items);
  }
}
