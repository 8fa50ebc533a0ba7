/** How far a reader may fall behind before the stream is cut: it has to list again then, as with a real server. */
const waitingMax = 10_000;

/** The lines of one watch. Whoever stops reading ends it. */
export class WatchStream implements AsyncIterable<string> {
  readonly #onEnd: () => void;
  #waiting: string[] = [];
  #wake: (() => void) | undefined;
  #ended = false;

  constructor(onEnd: () => void) {
    this.#onEnd = onEnd;
  }

  push(line: string): void {
    if (this.#ended) return;
    if (this.#waiting.length >= waitingMax) return this.end();
    this.#waiting.push(line);
    this.#wake?.();
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#onEnd();
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    try {
      for (;;) {
        const lines = this.#waiting;
        this.#waiting = [];
        yield* lines;
        if (this.#waiting.length > 0) continue;
        if (this.#ended) return;
        await new Promise<void>((resolve) => (this.#wake = resolve));
        this.#wake = undefined;
      }
    } finally {
      this.end();
    }
  }
}
