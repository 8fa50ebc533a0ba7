import { Fault } from '@flotilla/foundation';

/** Reads a text from left to right, and says where it does not go on. */
export class Reader {
  readonly text: string;
  #at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.text.length;
  }

  /** Takes what matches here; nothing is taken when nothing does. The pattern must be sticky. */
  take(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.text) ?? undefined;
    if (found) this.#at += found[0].length;
    return found;
  }

  expect(pattern: RegExp, what: string): RegExpExecArray {
    return this.take(pattern) ?? this.fail(`expected ${what}`);
  }

  fail(problem: string): never {
    const here = this.isAtEnd ? 'its end' : `\`${this.text.slice(this.#at, this.#at + 20)}\``;
    throw new Fault({
      code: 'invalid',
      reason: 'JsonPathInvalid',
      message: `the path \`${this.text}\`: ${problem} at ${here}, character ${this.#at + 1}`,
    });
  }
}
