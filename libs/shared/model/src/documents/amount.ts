import { z } from 'zod';

/** So many, or a share of all: `3`, `25%`. */
export type Amount = number | `${number}%`;

const percentPattern = /^\d{1,3}(\.\d+)?%$/;

function isPercent(text: unknown): text is `${number}%` {
  return typeof text === 'string' && percentPattern.test(text);
}

/** Reads a number or a percentage, of which at least `min` has to be there. */
export function amountSchema({ min }: { readonly min: 0 | 1 }) {
  const wanted = `must be a whole number from ${min}, or a percentage such as 25%`;
  return z.custom<Amount>(
    (value) =>
      typeof value === 'number'
        ? Number.isSafeInteger(value) && value >= min
        : isPercent(value) && Number.parseFloat(value) <= 100 && Number.parseFloat(value) >= min,
    { message: wanted },
  );
}

/** How many of `total` an amount is; never more than there are. Undefined when it is no amount at all. */
export function countOf(amount: unknown, total: number, round: 'up' | 'down'): number | undefined {
  if (typeof amount === 'number') return Math.min(amount, total);
  if (!isPercent(amount)) return undefined;
  const share = (Number.parseFloat(amount) * total) / 100;
  return Math.min(round === 'up' ? Math.ceil(share) : Math.floor(share), total);
}
