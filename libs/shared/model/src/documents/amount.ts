import { z } from 'zod';

/** So many, or a share of all: `3`, `25%`. */
export type Amount = number | string;

const percentPattern = /^\d{1,3}(\.\d+)?%$/;

/** Reads a number or a percentage, of which at least `min` has to be there. */
export function amountSchema({ min }: { readonly min: 0 | 1 }) {
  const error = `must be a whole number from ${min}, or a percentage such as 25%`;
  const isShare = (text: string) => Number.parseFloat(text) <= 100 && Number.parseFloat(text) >= min;
  const number = z.int({ error }).min(min, { error });
  return z.union([number, z.string({ error }).regex(percentPattern, { error }).refine(isShare, { error })], { error });
}

/** How many of `total` an amount is; never more than there are. Undefined when it is no amount at all. */
export function countOf(amount: unknown, total: number, round: 'up' | 'down'): number | undefined {
  if (typeof amount === 'number') return Math.min(amount, total);
  if (typeof amount !== 'string' || !percentPattern.test(amount)) return undefined;
  const share = (Number.parseFloat(amount) * total) / 100;
  return Math.min(round === 'up' ? Math.ceil(share) : Math.floor(share), total);
}
