/** The body of an endless answer, written by a test as it goes. */
export class ScriptedStream implements AsyncIterable<string> {
  #parts: string[] = [];
  #end: { readonly error?: Error } | undefined;
  #wake: (() => void) | undefined;

  /** Sends text as it is: half a line, two lines, nonsense. */
  push(text: string): void {
    this.#parts.push(text);
    this.#wake?.();
  }

  /** Sends one event of a watch as one line. */
  event(type: string, object: unknown): void {
    this.push(`${JSON.stringify({ type, object })}\n`);
  }

  end(): void {
    this.#end = {};
    this.#wake?.();
  }

  /** Breaks the connection, as a network does. */
  cut(error: Error = new Error('socket hang up')): void {
    this.#end = { error };
    this.#wake?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string, void, void> {
    for (;;) {
      while (this.#parts.length > 0) yield this.#parts.shift()!;
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
