/**
 * A value that must not be printed. It travels through code like any other, but logs, JSON and error texts see
 * `[redacted]`; the one way to the content is `reveal()`, which is easy to search for.
 */
export class Redacted<Value = string> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  reveal(): Value {
    return this.#value;
  }

  toString(): string {
    return '[redacted]';
  }

  toJSON(): string {
    return '[redacted]';
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[redacted]';
  }
}
