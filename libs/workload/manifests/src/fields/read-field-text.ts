import type { FieldStep } from './field-path.ts';

/** What stands in brackets in a path of the API server, and the place after it. */
export interface Bracketed {
  readonly step: FieldStep;
  readonly end: number;
}

/**
 * Reads `[name="app"]`, `[port=80,protocol="TCP"]`, `[="x"]` or `[0]` at `start`. `undefined` for anything else, lists
 * and mappings as values among them: no schema of Kubernetes has such keys.
 */
export function readBracket(text: string, start: number): Bracketed | undefined {
  if (text[start] !== '[') return undefined;
  const index = /\[(\d+)\]/y;
  index.lastIndex = start;
  const found = index.exec(text);
  if (found) return { step: { kind: 'index', index: Number(found[1]) }, end: index.lastIndex };
  return text[start + 1] === '=' ? readValueBracket(text, start + 2) : readKeyBracket(text, start + 1);
}

function readValueBracket(text: string, start: number): Bracketed | undefined {
  const read = readScalar(text, start);
  if (!read || text[read.end] !== ']') return undefined;
  return { step: { kind: 'value', value: read.value }, end: read.end + 1 };
}

function readKeyBracket(text: string, start: number): Bracketed | undefined {
  const fields: [string, unknown][] = [];
  let at = start;
  for (;;) {
    const equals = text.indexOf('=', at);
    const read = equals < 0 ? undefined : readScalar(text, equals + 1);
    if (!read) return undefined;
    fields.push([text.slice(at, equals), read.value]);
    at = read.end + 1;
    if (text[read.end] === ']') return { step: { kind: 'key', fields: Object.fromEntries(fields) }, end: at };
    if (text[read.end] !== ',') return undefined;
  }
}

interface ReadScalar {
  readonly value: unknown;
  readonly end: number;
}

function readScalar(text: string, start: number): ReadScalar | undefined {
  if (text[start] === '"') return readQuoted(text, start);
  const plain = /(true|false|null)|[-+]?\d+(\.\d+)?(e[-+]\d+)?/y;
  plain.lastIndex = start;
  const found = plain.exec(text);
  return found ? { value: JSON.parse(found[0].replace(/^\+/, '')) as unknown, end: plain.lastIndex } : undefined;
}

/** A text as Go quotes it. */
function readQuoted(text: string, start: number): ReadScalar | undefined {
  const quoted = /"((?:[^"\\]|\\.)*)"/sy;
  quoted.lastIndex = start;
  const found = quoted.exec(text);
  if (!found) return undefined;
  const value = found[1]!.replaceAll(/\\(x..|u.{4}|U.{8}|.)/gs, (_, escape: string) => unescaped(escape));
  return { value, end: quoted.lastIndex };
}

const named = new Map(
  Object.entries({ a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', '\\': '\\' }),
);

function unescaped(escape: string): string {
  if (escape.length === 1) return named.get(escape) ?? escape;
  const codePoint = Number.parseInt(escape.slice(1), 16);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : '\ufffd';
}
