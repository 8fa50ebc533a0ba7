import type { Output } from '../world.ts';

/** One line that tells a waiting person how far it is, and leaves no trace. Nobody else sees it. */
export class Progress {
  readonly #output: Output;
  readonly #shown: boolean;
  #length = 0;

  constructor(output: Output, { shown }: { readonly shown: boolean }) {
    this.#output = output;
    this.#shown = shown;
  }

  show(text: string): void {
    if (!this.#shown) return;
    const line = text.slice(0, (this.#output.columns ?? 80) - 1);
    this.#output.write(`\r${line.padEnd(this.#length)}`);
    this.#length = line.length;
  }

  clear(): void {
    if (this.#length === 0) return;
    this.#output.write(`\r${' '.repeat(this.#length)}\r`);
    this.#length = 0;
  }
}
