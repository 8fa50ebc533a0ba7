import { prefixLengths, suffixLengths } from './match-pattern.ts';

/** What an operator makes of a value, given its words. A `RangeError` says what is wrong with a word. */
export type Operation = (value: string, words: readonly string[]) => string;

/** True for the operators that give a variable its value where it has none. An empty value counts as none, as in Flux. */
export function isDefault(operator: string): boolean {
  return defaults.includes(operator);
}

const defaults: readonly string[] = ['=', ':=', '-', ':-'];
const orDefault: Operation = (value, [word = '']) => value || word;

/** Every operator that is known. `?` and `+` are left out: Flux reads them otherwise than a shell does. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ['', (value) => value],
  ['length', (value) => String(Array.from(value).length)],
  ['^', (value) => value.charAt(0).toUpperCase() + value.slice(1)],
  ['^^', (value) => value.toUpperCase()],
  [',', (value) => value.charAt(0).toLowerCase() + value.slice(1)],
  [',,', (value) => value.toLowerCase()],
  [':', part],
  ['#', (value, [pattern = '']) => value.slice(prefixLengths(value, pattern).at(0) ?? 0)],
  ['##', (value, [pattern = '']) => value.slice(prefixLengths(value, pattern).at(-1) ?? 0)],
  ['%', (value, [pattern = '']) => withoutEnd(value, suffixLengths(value, pattern).at(0))],
  ['%%', (value, [pattern = '']) => withoutEnd(value, suffixLengths(value, pattern).at(-1))],
  ['/', (value, [from = '', to = '']) => (from ? value.replace(from, () => to) : value)],
  ['//', (value, [from = '', to = '']) => (from ? value.replaceAll(from, () => to) : value)],
  ['/#', (value, [from = '', to = '']) => (value.startsWith(from) ? to + value.slice(from.length) : value)],
  ['/%', (value, [from = '', to = '']) => (value.endsWith(from) ? withoutEnd(value, from.length) + to : value)],
  ...defaults.map((operator) => [operator, orDefault] as const),
]);

function withoutEnd(value: string, length = 0): string {
  return value.slice(0, value.length - length);
}

/** `${name:from:length}`; from the end where a number is negative, which needs a space before it as in a shell. */
function part(value: string, [from = '', length]: readonly string[]): string {
  const start = whole(from);
  const count = length === undefined ? undefined : whole(length);
  const rest = value.slice(start);
  return count === undefined ? rest : rest.slice(0, count);
}

function whole(word: string): number {
  if (!/^\s*-?\d{1,9}\s*$/.test(word)) throw new RangeError(`"${word.slice(0, 40)}" is not a whole number`);
  return Number(word);
}
