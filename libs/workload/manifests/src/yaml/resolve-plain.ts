/** What a YAML scalar can be once it is JSON. */
export type Scalar = string | number | boolean | null;

/**
 * The value of a scalar that is written without quotes, by the rules of YAML 1.1 as kubectl's parser reads them: `yes`
 * is true, `014` is twelve, `12:30:45` and dates stay text. `undefined` when the value is a number that JSON cannot
 * carry unchanged: an integer beyond double precision, an infinity, not-a-number.
 */
export function resolvePlain(text: string): Scalar | undefined {
  switch (hints[text.charCodeAt(0)]) {
    case 'word':
      return text.length <= 5 && words.has(text) ? words.get(text)! : text;
    case 'number':
      return unfit.has(text) ? undefined : resolveNumber(text);
    case 'point':
      if (unfit.has(text)) return undefined;
      return pointFloat.test(text) ? finiteOrText(text.replaceAll('_', ''), text) : text;
    default:
      return text === '' ? null : text;
  }
}

const words = new Map<string, boolean | null>([
  ...wordsOf(true, ['y', 'yes', 'true', 'on']),
  ...wordsOf(false, ['n', 'no', 'false', 'off']),
  ...wordsOf(null, ['null', '~']),
]);

const unfit = new Set(['.nan', '.NaN', '.NAN', ...['', '+', '-'].flatMap((sign) => infinities(sign))]);

/** What the first character allows a scalar to be; every other character begins a text. */
const hints: readonly (string | undefined)[] = hintTable({
  word: 'yYnNtTfFoO~',
  number: '+-0123456789',
  point: '.',
});

const pointFloat = /^\.[0-9]+(_[0-9]+)*([eE][-+]?[0-9]+(_[0-9]+)*)?$/;
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/;
const shortDecimal = /^(0|[1-9][0-9]{0,14})$/;
const integer = /^([-+]?)(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9][0-9]*)$/;

function resolveNumber(text: string): Scalar | undefined {
  if (shortDecimal.test(text)) return Number(text);
  const digits = text.replaceAll('_', '');
  const found = integer.exec(digits);
  if (found) return resolveInteger(text, found[1]!, found[2]!);
  if (float.test(digits)) return finiteOrText(digits, text);
  // Behind its prefix the parser of kubectl takes a sign as well; nobody means that.
  return /^0b[-+]/.test(digits) ? undefined : text;
}

function resolveInteger(text: string, sign: string, digits: string): Scalar | undefined {
  const octal = /^0[0-7]+$/.test(digits);
  const magnitude = BigInt(octal ? `0o${digits}` : digits);
  const value = Number(magnitude);
  if (magnitude >= 2n ** (sign === '' ? 64n : 63n)) {
    // Beyond 64 bits the parser of kubectl reads a decimal as a float, and anything with a prefix as text.
    if (octal) return undefined;
    if (!/^[0-9]+$/.test(digits)) return text;
  }
  // The number travels as its shortest text: it is unchanged if that text names the same integer.
  if (String(value) !== String(magnitude)) return undefined;
  return sign === '-' && value !== 0 ? -value : value;
}

/** A float too large for a double stays the text that it is; minus zero is zero, as it is in JSON text. */
function finiteOrText(digits: string, text: string): Scalar {
  const value = Number(digits);
  return Number.isFinite(value) ? value || 0 : text;
}

function wordsOf<Value>(value: Value, lower: readonly string[]): [string, Value][] {
  const spellings = lower.flatMap((word) => [word, word[0]!.toUpperCase() + word.slice(1), word.toUpperCase()]);
  return spellings.map((spelling) => [spelling, value]);
}

function infinities(sign: string): string[] {
  return ['.inf', '.Inf', '.INF'].map((word) => sign + word);
}

function hintTable(starts: Readonly<Record<string, string>>): (string | undefined)[] {
  const table: (string | undefined)[] = Array.from({ length: 128 });
  for (const [hint, characters] of Object.entries(starts)) {
    for (const character of characters) table[character.charCodeAt(0)] = hint;
  }
  return table;
}
