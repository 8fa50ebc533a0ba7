/**
 * A bounded line between a writer that cannot wait (a socket, an event) and a reader that iterates. When the reader
 * falls `itemsMax` behind, the oldest item is dropped and `dropped` counts it: every stream here is level-triggered,
 * so a lost item costs latency, never truth.
 */
export class Channel<Item> implements AsyncIterable<Item> {
  readonly #items: Item[] = [];
  readonly #itemsMax: number;
  #wake: (() => void) | undefined;
  #ended = false;
  dropped = 0;

  constructor(itemsMax = 10_000) {
    this.#itemsMax = itemsMax;
  }

  push(item: Item): void {
    if (this.#ended) return;
    if (this.#items.length >= this.#itemsMax) {
      this.#items.shift();
      this.dropped++;
    }
    this.#items.push(item);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item, void, void> {
    for (;;) {
      while (this.#items.length > 0) yield this.#items.shift()!;
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }
}
