import { done, refused, type Outcome } from '@flotilla/foundation';
import { limits } from './limits.ts';
import { resolvePlain } from './resolve-plain.ts';

/**
 * Reads a JSON document strictly. `JSON.parse` would alter large integers, keep the last of two equal keys and follow
 * any depth: where one of these matters this gives up, and the full YAML parser explains.
 */
export function readJson(text: string): Outcome<unknown, undefined> {
  if (!/^\s*\{/.test(text)) return refused(undefined);
  try {
    return done(new JsonReader(text).read());
  } catch (thrown) {
    if (thrown === unusual) return refused(undefined);
    throw thrown;
  }
}

/** Thrown to give up: made once, because it is no failure and nobody ever sees it. */
const unusual = new Error('not strict JSON');

const blank = /[ \t\n]*/y;
const stringPattern = /"(?:[^"\\\n\t]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const literalPattern = /true|false|null|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    const value = this.#value(1);
    if (this.#next() !== undefined) throw unusual;
    return value;
  }

  #value(depth: number): unknown {
    if (depth > limits.depthMax) throw unusual;
    switch (this.#next()) {
      case '{':
        return this.#object(depth);
      case '[':
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#literal();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at++;
    if (this.#ends('}')) return object;
    do {
      if (this.#next() !== '"') throw unusual;
      const key = this.#string();
      if (key === '__proto__' || Object.hasOwn(object, key)) throw unusual;
      if (this.#next() !== ':') throw unusual;
      this.#at++;
      object[key] = this.#value(depth + 1);
    } while (this.#goesOn('}'));
    return object;
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at++;
    if (this.#ends(']')) return array;
    do array.push(this.#value(depth + 1));
    while (this.#goesOn(']'));
    return array;
  }

  #string(): string {
    const found = this.#match(stringPattern);
    return found.includes('\\') ? (JSON.parse(found) as string) : found.slice(1, -1);
  }

  #literal(): unknown {
    const value = resolvePlain(this.#match(literalPattern));
    if (value === undefined || typeof value === 'string') throw unusual;
    return value;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (!found) throw unusual;
    this.#at = pattern.lastIndex;
    return found[0];
  }

  /** After an item: a comma leads to the next one, the closing bracket ends the collection. */
  #goesOn(closing: string): boolean {
    if (this.#ends(closing)) return false;
    if (this.#next() !== ',') throw unusual;
    this.#at++;
    return true;
  }

  #ends(closing: string): boolean {
    if (this.#next() !== closing) return false;
    this.#at++;
    return true;
  }

  #next(): string | undefined {
    blank.lastIndex = this.#at;
    blank.exec(this.#text);
    this.#at = blank.lastIndex;
    return this.#text[this.#at];
  }
}
