import type { FieldPath } from '../fields/field-path.ts';

/** Fields that hold quantities, which the server may write in another way: `1000m` becomes `1`. */
const quantityFields = new Set(['f:limits', 'f:requests', 'f:capacity', 'f:hard', 'f:sizeLimit', 'f:overhead']);

const pattern = /^([+-]?\d*\.?\d+|[+-]?\d+\.)(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?\d{1,2}))?$/;

const scales = new Map<string, number>([
  ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((unit, at): [string, number] => [unit, 1000 ** (at - 3)]),
  ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((unit, at): [string, number] => [unit, 1024 ** (at + 1)]),
]);

/** Whether two values of a quantity field are the same amount. */
export function sameQuantity(left: unknown, right: unknown, path: FieldPath): boolean {
  if (!path.some((step) => quantityFields.has(step))) return false;
  const [a, b] = [amountOf(left), amountOf(right)];
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-9;
}

/** Whether one amount is smaller than another; never where either is none. */
export function isLess(left: unknown, right: unknown): boolean {
  const [a, b] = [amountOf(left), amountOf(right)];
  return a !== undefined && b !== undefined && a < b;
}

function amountOf(value: unknown): number | undefined {
  const found = typeof value === 'string' || typeof value === 'number' ? pattern.exec(String(value)) : null;
  if (!found) return undefined;
  const [, digits, unit = '', exponent = '0'] = found;
  return Number(digits) * (scales.get(unit) ?? 1) * 10 ** Number(exponent);
}
