/** Amounts are exact: an integer of nano units, the smallest that the server knows. */
const nano = 9;

const binary: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };

type Format = 'binary' | 'decimal' | 'exponent';

interface Parts {
  readonly sign: string;
  readonly whole: string;
  readonly fraction: string;
  readonly format: Format;
  /** The power of two for the binary format, of ten for the others. */
  readonly exponent: number;
}

export type QuantityResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

/** A quantity in the form that the server stores: `0.5` is `500m`, `1024Mi` is `1Gi`, `1.0` is `1`. */
export function normaliseQuantity(text: string): QuantityResult {
  if (text === '0') return { ok: true, text };
  const parts = readParts(text);
  if (typeof parts === 'string') return { ok: false, problem: parts };
  return { ok: true, text: isKeptAsWritten(parts) ? text : canonical(parts) };
}

/** The text of a quantity with nothing smaller than a thousandth in it, as amounts of resources are kept. */
export function roundUpToMilli(text: string): string {
  const parts = readParts(text);
  if (typeof parts === 'string' || text === '0') return text;
  const milli = 10n ** BigInt(nano - 3);
  const amount = nanoAmount(parts);
  return amount % milli === 0n ? text : amountText(divideUp(amount, milli) * milli, 'decimal');
}

/** A quantity as a number, for controllers that count; `undefined` for what is none. */
export function quantityNumber(text: string): number | undefined {
  const parts = readParts(text);
  return typeof parts === 'string' ? undefined : Number(nanoAmount(parts)) / 10 ** nano;
}

const wrongFormat = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

function readParts(text: string): Parts | string {
  const found = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!found || text === '') return wrongFormat;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = found;
  const scale = readSuffix(suffix);
  if (!scale) return "unable to parse quantity's suffix";
  return { sign, whole: whole.replace(/^0+/, '') || '0', fraction, ...scale };
}

function readSuffix(suffix: string): { format: Format; exponent: number } | undefined {
  if (suffix in binary) return { format: 'binary', exponent: binary[suffix]! };
  if (suffix in decimal) return { format: 'decimal', exponent: decimal[suffix]! };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix);
  return exponent ? { format: 'exponent', exponent: Number(exponent[1]) } : undefined;
}

/** The server keeps the text of a number that it takes for canonical, by a quick test that is not quite exact. */
function isKeptAsWritten({ whole, fraction, format, exponent }: Parts): boolean {
  const digits = whole + fraction;
  const value = BigInt(digits);
  if (format === 'binary') {
    const precision = 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1;
    return fraction === '' && precision >= 0 && (value & 7n) !== 0n;
  }
  const scale = exponent - fraction.length;
  if (18 - digits.length < 0 || scale < -nano) return false;
  return scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0');
}

function canonical(parts: Parts): string {
  return amountText(nanoAmount(parts), parts.format);
}

function amountText(amount: bigint, format: Format): string {
  if (amount === 0n) return '0';
  const one = 10n ** BigInt(nano);
  const magnitude = amount < 0n ? -amount : amount;
  if (format === 'binary' && magnitude >= 1024n * one && amount % one === 0n) return binaryText(amount / one);
  return decimalText(amount, format);
}

/** Anything below a nano is rounded up: who asks for something gets something. */
function nanoAmount({ sign, whole, fraction, format, exponent }: Parts): bigint {
  const digits = BigInt(whole + fraction);
  const factor = format === 'binary' ? 2n ** BigInt(exponent) : 1n;
  const scale = nano - fraction.length + (format === 'binary' ? 0 : exponent);
  const amount = scale >= 0 ? digits * factor * 10n ** BigInt(scale) : divideUp(digits * factor, 10n ** BigInt(-scale));
  return sign === '-' ? -amount : amount;
}

function divideUp(amount: bigint, by: bigint): bigint {
  return (amount + by - 1n) / by;
}

function binaryText(amount: bigint): string {
  let [rest, power] = [amount, 0];
  while (rest % 1024n === 0n && power < 60) [rest, power] = [rest / 1024n, power + 10];
  const suffix = Object.keys(binary).find((name) => binary[name] === power) ?? '';
  return `${rest}${suffix}`;
}

function decimalText(amount: bigint, format: Format): string {
  const powerMax = format === 'exponent' ? Infinity : 18;
  let [rest, power] = [amount, -nano];
  while (rest % 1000n === 0n && power < powerMax) [rest, power] = [rest / 1000n, power + 3];
  if (format === 'exponent') return power === 0 ? `${rest}` : `${rest}e${power}`;
  const suffix = Object.keys(decimal).find((name) => decimal[name] === power) ?? '';
  return `${rest}${suffix}`;
}
