import type { Ids } from '../ids.ts';

/** Ids that a test can foresee: `id-1`, `id-2`, and so on. */
export function countingIds(prefix = 'id'): Ids {
  let count = 0;
  return { next: () => `${prefix}-${++count}` };
}
