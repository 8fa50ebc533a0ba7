import type { Amount } from './kube-objects.ts';

/** A number, or a share of the total such as `25%`. */
export function amountOf(amount: Amount | undefined, total: number, rounding: 'up' | 'down'): number {
  if (typeof amount === 'number') return amount;
  const share = (Number.parseFloat(amount ?? '0') * total) / 100;
  return rounding === 'up' ? Math.ceil(share) : Math.floor(share);
}
