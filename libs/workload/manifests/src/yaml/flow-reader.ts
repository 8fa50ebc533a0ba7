import { readQuoted } from './flow-scalar.ts';
import { limits } from './limits.ts';
import { resolvePlain } from './resolve-plain.ts';
import { skipSpaces } from './scan.ts';

interface ReadFlow {
  readonly value: unknown;
  /** The place after it. */
  readonly end: number;
}

/**
 * A list or mapping in brackets that begins at `at` and ends on the same line. `undefined` for anything unusual:
 * further lines, comments, trailing commas, keys without values, characters that flow style treats in its own way.
 */
export function readFlow(text: string, at: number, depth: number): ReadFlow | undefined {
  if (depth > limits.depthMax) return undefined;
  return text[at] === '[' ? readList(text, at, depth) : readRecord(text, at, depth);
}

function readList(text: string, start: number, depth: number): ReadFlow | undefined {
  const items: unknown[] = [];
  let at = skipSpaces(text, start + 1);
  if (text[at] === ']') return { value: items, end: at + 1 };
  for (;;) {
    const item = readValue(text, at, depth);
    if (!item) return undefined;
    items.push(item.value);
    at = skipSpaces(text, item.end);
    if (text[at] === ']') return { value: items, end: at + 1 };
    if (text[at] !== ',') return undefined;
    at = skipSpaces(text, at + 1);
  }
}

function readRecord(text: string, start: number, depth: number): ReadFlow | undefined {
  const record: Record<string, unknown> = {};
  let at = skipSpaces(text, start + 1);
  if (text[at] === '}') return { value: record, end: at + 1 };
  for (;;) {
    const key = readKey(text, at);
    if (!key || Object.hasOwn(record, key.value)) return undefined;
    const value = readValue(text, skipSpaces(text, key.end), depth);
    if (!value) return undefined;
    record[key.value] = value.value;
    at = skipSpaces(text, value.end);
    if (text[at] === '}') return { value: record, end: at + 1 };
    if (text[at] !== ',') return undefined;
    at = skipSpaces(text, at + 1);
  }
}

/** A key with its colon. */
function readKey(text: string, at: number): { readonly value: string; readonly end: number } | undefined {
  const quoted = text[at] === '"' || text[at] === "'";
  const read = quoted ? readQuoted(text, at, Infinity) : readPlain(text, at);
  if (!read || typeof read.value !== 'string') return undefined;
  if (text[read.end] !== ':' || (!quoted && text[read.end + 1] !== ' ')) return undefined;
  if (read.value === '__proto__' || read.value === '<<') return undefined;
  return { value: read.value, end: read.end + 1 };
}

function readValue(text: string, at: number, depth: number): ReadFlow | undefined {
  switch (text[at]) {
    case '[':
    case '{':
      return readFlow(text, at, depth + 1);
    case '"':
    case "'":
      return readQuoted(text, at, Infinity);
    default:
      return readPlain(text, at);
  }
}

/** Words of harmless characters; a colon only inside one, as in an image or an address. */
const plain = /[A-Za-z0-9_./+~=-](?:[A-Za-z0-9_./+~=*@%-]|:(?=[A-Za-z0-9_/])| +(?=[A-Za-z0-9_./+~=*@%-]))*/y;

function readPlain(text: string, at: number): ReadFlow | undefined {
  plain.lastIndex = at;
  const found = plain.exec(text)?.[0];
  if (found === undefined || found.startsWith('- ') || found === '-') return undefined;
  const value = resolvePlain(found);
  return value === undefined ? undefined : { value, end: at + found.length };
}
