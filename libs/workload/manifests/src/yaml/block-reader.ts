import { done, refused, type Outcome } from '@flotilla/foundation';
import { readBlockScalar } from './block-scalar.ts';
import { readFlow } from './flow-reader.ts';
import { foldLines, readQuoted } from './flow-scalar.ts';
import { limits } from './limits.ts';
import { readPlainLine, type PlainLine } from './plain-line.ts';
import { resolvePlain } from './resolve-plain.ts';
import { code, endsLine, isGap, skipSpaces } from './scan.ts';

/**
 * Reads the plain part of YAML in which nearly all manifests are written, many times faster than the full parser.
 * Whatever is unusual (anchors, tags, tabs, flow over several lines, anything that might be an error) makes it give
 * up, and the full parser has the word. It explains nothing and guesses nothing: what it does read, it reads as the
 * full parser would, and a property test holds it to that.
 */
export function readPlainYaml(text: string): Outcome<unknown, UnusualYaml> {
  const reader = new BlockReader(text);
  try {
    return done(reader.read());
  } catch (thrown) {
    if (thrown === unusual) return refused({ offset: reader.offset });
    throw thrown;
  }
}

/** Where the plain part of YAML ends; near enough to show to a person. */
export interface UnusualYaml {
  readonly offset: number;
}

/** Thrown to leave the fast way: made once, because it is no failure and nobody ever sees it. */
const unusual = new Error('not plain YAML');

/** Characters that begin something other than a plain scalar. */
const indicators = new Set(Array.from('?:,[]{}#&*!|>\'"%@`\t', (character) => character.charCodeAt(0)));

class BlockReader {
  readonly #text: string;
  /** Where the content of the current line begins. */
  #at = 0;
  /** The column of that place; -1 at the end of the text. */
  #indent = -1;

  constructor(text: string) {
    this.#text = text;
  }

  get offset(): number {
    return this.#at;
  }

  read(): unknown {
    this.#toLine(0);
    if (this.#indent < 0) return null;
    // Whatever is not a list or a mapping is no manifest; the full parser may say what it is.
    const value = this.#atDash() ? this.#sequence(1) : this.#mapping(1);
    if (this.#indent >= 0) throw unusual;
    return value;
  }

  /** Moves to the first line from `lineStart` on that is neither blank nor a comment. */
  #toLine(lineStart: number): void {
    const text = this.#text;
    for (let start = lineStart; start < text.length;) {
      const at = skipSpaces(text, start);
      const found = text.charCodeAt(at);
      if (found !== code.newline && found !== code.hash) {
        this.#at = at;
        this.#indent = at - start;
        return;
      }
      start = this.#lineEnd(at) + 1;
    }
    this.#indent = -1;
  }

  /** What begins at the current place: a list, a mapping or a scalar that belongs to a parent in column `parent`. */
  #block(parent: number, depth: number): unknown {
    if (depth > limits.depthMax) throw unusual;
    if (this.#atDash()) return this.#sequence(depth);
    return this.#keyEnd() >= 0 ? this.#mapping(depth) : this.#inline(this.#at, parent, depth);
  }

  #sequence(depth: number): unknown[] {
    const indent = this.#indent;
    const items: unknown[] = [];
    while (this.#indent === indent && this.#atDash()) items.push(this.#item(indent, depth));
    if (this.#indent > indent) throw unusual;
    return items;
  }

  #item(indent: number, depth: number): unknown {
    const at = skipSpaces(this.#text, this.#at + 1);
    if (endsLine(this.#text, at)) return this.#below(at, indent, depth);
    this.#indent += at - this.#at;
    this.#at = at;
    return this.#block(indent, depth + 1);
  }

  #mapping(depth: number): Record<string, unknown> {
    const indent = this.#indent;
    const record: Record<string, unknown> = {};
    while (this.#indent === indent && !this.#atDash()) {
      const end = this.#keyEnd();
      const key = this.#key(end);
      if (Object.hasOwn(record, key)) throw unusual;
      record[key] = this.#value(end + 1, indent, depth);
    }
    if (this.#indent > indent) throw unusual;
    return record;
  }

  #value(from: number, indent: number, depth: number): unknown {
    const at = skipSpaces(this.#text, from);
    if (!endsLine(this.#text, at)) return this.#inline(at, indent, depth);
    const value = this.#below(at, indent, depth);
    // A list may stand under its key without being indented.
    return value === null && this.#indent === indent && this.#atDash() ? this.#sequence(depth + 1) : value;
  }

  /** The block on the lines below, if they are indented further; nothing is null. */
  #below(at: number, indent: number, depth: number): unknown {
    this.#toLine(this.#lineEnd(at) + 1);
    return this.#indent > indent ? this.#block(indent, depth + 1) : null;
  }

  /** The colon that ends the key which the current line begins with; -1 when it begins with none. */
  #keyEnd(): number {
    const text = this.#text;
    const first = text.charCodeAt(this.#at);
    if (first === code.quote || first === code.apostrophe) {
      const quoted = readQuoted(text, this.#at, Infinity);
      if (!quoted) throw unusual;
      return text.charCodeAt(quoted.end) === code.colon && isGap(text, quoted.end + 1) ? quoted.end : -1;
    }
    if (indicators.has(first)) return -1;
    for (let at = this.#at; ; at++) {
      const found = text.charCodeAt(at);
      if (found === code.newline) return -1;
      if (found === code.colon && isGap(text, at + 1)) return at;
      if (found === code.hash && text.charCodeAt(at - 1) === code.space) return -1;
    }
  }

  #key(end: number): string {
    if (end < 0) throw unusual;
    const first = this.#text.charCodeAt(this.#at);
    const quoted = first === code.quote || first === code.apostrophe;
    const key = quoted ? readQuoted(this.#text, this.#at, Infinity)!.value : this.#text.slice(this.#at, end);
    // An unquoted key may be a number or a boolean, and may carry blanks: the full parser knows.
    const simple = quoted || (!key.endsWith(' ') && !key.includes('\t') && resolvePlain(key) === key);
    if (!simple || key === '<<' || key === '__proto__' || key.length > 1_000) throw unusual;
    return key;
  }

  /** A value that begins on the current line. */
  #inline(at: number, indent: number, depth: number): unknown {
    switch (this.#text.charCodeAt(at)) {
      case code.bar:
      case code.greater: {
        const scalar = readBlockScalar(this.#text, at, indent);
        if (!scalar) throw unusual;
        this.#toLine(scalar.end);
        return scalar.value;
      }
      case code.quote:
      case code.apostrophe:
        return this.#finish(readQuoted(this.#text, at, indent));
      case code.openBracket:
      case code.openBrace:
        return this.#finish(readFlow(this.#text, at, depth + 1));
      default:
        return this.#plain(at, indent);
    }
  }

  /** After a value that ended within its line, only a comment may follow. */
  #finish(read: { readonly value: unknown; readonly end: number } | undefined): unknown {
    if (!read) throw unusual;
    const at = skipSpaces(this.#text, read.end);
    const found = this.#text.charCodeAt(at);
    if (found !== code.newline && !(found === code.hash && at > read.end)) throw unusual;
    this.#toLine(this.#lineEnd(at) + 1);
    return read.value;
  }

  #plain(at: number, indent: number): unknown {
    const first = this.#text.charCodeAt(at);
    if (indicators.has(first) || (first === code.dash && isGap(this.#text, at + 1))) throw unusual;
    const end = this.#lineEnd(at);
    const { text, commented } = this.#plainLine(at, end);
    this.#toLine(end + 1);
    const value = resolvePlain(this.#indent > indent && !commented ? this.#continued(text, end + 1, indent) : text);
    if (value === undefined) throw unusual;
    return value;
  }

  /** A plain scalar that goes on over further lines, which are all indented deeper than its parent. */
  #continued(first: string, lineStart: number, indent: number): string {
    const lines = [first];
    let start = lineStart;
    while (start < this.#text.length) {
      const at = skipSpaces(this.#text, start);
      const end = this.#lineEnd(at);
      if (at < end && at - start <= indent) break;
      const { text, commented } = this.#plainLine(at, end);
      // A comment ends the scalar; whatever follows it needs the full parser.
      if (commented || text.startsWith('#')) throw unusual;
      lines.push(text);
      start = end + 1;
    }
    this.#toLine(start);
    while (lines.at(-1) === '') lines.pop();
    return foldLines(lines);
  }

  #plainLine(at: number, end: number): PlainLine {
    const line = readPlainLine(this.#text.slice(at, end));
    if (!line) throw unusual;
    return line;
  }

  #atDash(): boolean {
    return this.#text.charCodeAt(this.#at) === code.dash && isGap(this.#text, this.#at + 1);
  }

  #lineEnd(at: number): number {
    return this.#text.indexOf('\n', at);
  }
}
