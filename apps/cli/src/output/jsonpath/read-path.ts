import type { Operand, Operator, Path, Step, Test } from './path.ts';
import type { Reader } from './reader.ts';

/** Reads a path such as `.items[*].metadata.name`, `@.spec`, `$..image`, `['a','b']`; stops where it ends. */
export function readPath(reader: Reader): Path {
  const root = reader.take(/\$/y);
  if (!root) reader.take(/@/y);
  const steps: Step[] = [];
  // A path may begin with a bare name: `metadata.name`.
  const bare = root ? undefined : reader.take(bareName);
  if (bare) steps.push({ kind: 'field', names: [unescaped(bare[0])] });
  for (let step = readStep(reader); step; step = readStep(reader)) steps.push(...step);
  return { from: root ? 'root' : 'here', steps };
}

/** Labels hold slashes: `.metadata.labels.example\.org/team`. */
const bareName = /(?:[\w$/-]|\\.)+/y;

function readStep(reader: Reader): Step[] | undefined {
  if (reader.take(/\.\./y)) return [{ kind: 'everything-below' }, ...afterDots(reader)];
  if (reader.take(/\.\*/y)) return [{ kind: 'every' }];
  if (reader.take(/\.(?=\[)/y)) return readStep(reader);
  if (reader.take(/\./y)) return [nameStep(reader)];
  if (reader.take(/\[\s*/y)) {
    const step = readBrackets(reader);
    reader.expect(/\s*\]/y, '`]`');
    return [step];
  }
  return undefined;
}

/** `..name`, `..*`, and `..[0]`, whose bracket is a step of its own. */
function afterDots(reader: Reader): Step[] {
  if (reader.take(/\*/y)) return [{ kind: 'every' }];
  return reader.take(/(?=\[)/y) ? [] : [nameStep(reader)];
}

function nameStep(reader: Reader): Step {
  return { kind: 'field', names: [unescaped(reader.expect(bareName, 'a name')[0])] };
}

function readBrackets(reader: Reader): Step {
  if (reader.take(/\*/y)) return { kind: 'every' };
  if (reader.take(/\?\(\s*/y)) {
    const test = readTest(reader);
    reader.expect(/\s*\)/y, '`)`');
    return { kind: 'filter', test };
  }
  const slice = reader.take(/(-?\d+)?:(-?\d+)?(?::(\d+))?/y);
  if (slice) return sliceStep(reader, slice);
  const names = readList(reader, readQuoted);
  if (names.length > 0) return { kind: 'field', names };
  const indexes = readList(reader, readWhole);
  if (indexes.length > 0) return { kind: 'indexes', indexes };
  return reader.fail("expected an index, a slice, *, ?(…) or 'name'");
}

function sliceStep(reader: Reader, [, from, to, by]: RegExpExecArray): Step {
  const number = (text: string | undefined) => (text === undefined ? undefined : Number(text));
  if (by === '0') return reader.fail('a slice must move on');
  return { kind: 'slice', from: number(from), to: number(to), by: Number(by ?? 1) };
}

function readList<Item>(reader: Reader, read: (reader: Reader) => Item | undefined): Item[] {
  const items: Item[] = [];
  do {
    const item = read(reader);
    if (item === undefined) return items.length === 0 ? items : reader.fail('expected one more after the comma');
    items.push(item);
  } while (reader.take(/\s*,\s*/y));
  return items;
}

/** `'text'` or `"text"`, in which a backslash takes the next letter as it is. */
export function readQuoted(reader: Reader): string | undefined {
  const found = reader.take(/'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"/sy);
  return found && unescaped(found[1] ?? found[2] ?? '', escapes);
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function readWhole(reader: Reader): number | undefined {
  const found = reader.take(/-?\d+/y);
  return found && Number(found[0]);
}

function readTest(reader: Reader): Test {
  const left = readOperand(reader);
  const sign = reader.take(/\s*(==|!=|<=|>=|<|>)\s*/y);
  return sign ? { left, compare: { operator: sign[1] as Operator, right: readOperand(reader) } } : { left };
}

function readOperand(reader: Reader): Operand {
  const quoted = readQuoted(reader);
  if (quoted !== undefined) return { value: quoted };
  const number = reader.take(/-?\d+(\.\d+)?/y);
  if (number) return { value: Number(number[0]) };
  const word = reader.take(/(true|false|null)\b/y);
  if (word) return { value: JSON.parse(word[0]) as boolean | null };
  if (reader.take(/(?=[@$.])/y)) return readPath(reader);
  return reader.fail("expected @.field, a number, true, false, null or 'text'");
}

function unescaped(text: string, known: Readonly<Record<string, string>> = {}): string {
  return text.replaceAll(/\\(.)/gs, (_, letter: string) => known[letter] ?? letter);
}
