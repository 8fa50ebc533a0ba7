import { code } from './scan.ts';

/** A value, and the place after it. */
export interface ReadScalar {
  readonly value: string;
  readonly end: number;
}

/**
 * A quoted text that begins at `at`. Over several lines its later lines have to be indented deeper than `indent`;
 * with an infinite `indent` it has to end on its line. `undefined` for anything unusual, such as rare escapes.
 */
export function readQuoted(text: string, at: number, indent: number): ReadScalar | undefined {
  const double = text.charCodeAt(at) === code.quote;
  const end = double ? endOfDouble(text, at + 1) : endOfSingle(text, at + 1);
  if (end < 0) return undefined;
  const raw = text.slice(at + 1, end);
  if (raw.includes('\t')) return undefined;
  const value = raw.includes('\n') ? readLines(raw, double, indent) : double ? unescaped(raw) : unquoted(raw);
  return value === undefined ? undefined : { value, end: end + 1 };
}

/** Joins lines with a space; `n` blank lines between two of them are `n` line breaks. */
export function foldLines(lines: readonly string[]): string {
  let folded = lines[0] ?? '';
  let blanks = 0;
  for (let index = 1; index < lines.length; index++) {
    if (lines[index] === '' && index < lines.length - 1) {
      blanks++;
      continue;
    }
    folded += (blanks === 0 ? ' ' : '\n'.repeat(blanks)) + lines[index]!;
    blanks = 0;
  }
  return folded;
}

function endOfSingle(text: string, from: number): number {
  let end = text.indexOf("'", from);
  while (end >= 0 && text.charCodeAt(end + 1) === code.apostrophe) end = text.indexOf("'", end + 2);
  return end;
}

function endOfDouble(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const found = text.charCodeAt(at);
    if (found === code.quote) return at;
    if (found === code.backslash) at++;
  }
  return -1;
}

function unquoted(raw: string): string {
  return raw.includes("'") ? raw.replaceAll("''", "'") : raw;
}

/** The escapes that people and generators write; the full parser knows the others. */
const escapes = new Map(
  Object.entries({ '"': '"', '\\': '\\', n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', ' ': ' ' }),
);

function unescaped(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw;
  if (!/^(?:[^\\]|\\["\\nrtbf ])*$/.test(raw)) return undefined;
  return raw.replaceAll(/\\(.)/g, (_, letter: string) => escapes.get(letter)!);
}

function readLines(raw: string, double: boolean, indent: number): string | undefined {
  const lines = raw.split('\n');
  if (!lines.every((line, index) => index === 0 || isIndented(line, indent, index === lines.length - 1))) {
    return undefined;
  }
  // A backslash before blanks keeps one of them, which trimming would not see.
  if (double && /\\ +\n/.test(raw)) return undefined;
  const texts = lines.map((line, index) => trimmed(line, index > 0, index < lines.length - 1));
  return double ? foldDouble(texts) : unquoted(foldLines(texts));
}

/** A blank line may be short, but for the last one: that one ends in the quote. */
function isIndented(line: string, indent: number, last: boolean): boolean {
  const depth = /^ */.exec(line)![0].length;
  return depth > indent || (!last && depth === line.length);
}

function trimmed(line: string, start: boolean, end: boolean): string {
  const left = start ? line.replace(/^ +/, '') : line;
  return end ? left.replace(/ +$/, '') : left;
}

/** As `foldLines`, but a line that ends in a backslash is joined to the next one without a space. */
function foldDouble(lines: readonly string[]): string | undefined {
  const groups: string[][] = [[]];
  for (const [index, line] of lines.entries()) {
    const escaped = index < lines.length - 1 && endsInBackslash(line);
    groups.at(-1)!.push(escaped ? line.slice(0, -1) : line);
    if (!escaped) continue;
    // What follows may be blank, and what stood before the backslash may be a blank: the full parser knows.
    if (lines[index + 1] === '' || / $|^$/.test(line.slice(0, -1))) return undefined;
    groups.push([]);
  }
  return unescaped(groups.map(foldLines).join(''));
}

function endsInBackslash(line: string): boolean {
  return /\\*$/.exec(line)![0].length % 2 === 1;
}
