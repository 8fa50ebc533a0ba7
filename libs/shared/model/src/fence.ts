import { z } from 'zod';
import { countSchema } from './numbers.ts';

/**
 * The version of everything one cluster shall run. A set is accepted only when its fence is higher than the last one.
 * `epoch` moves when a database was restored and generations may have been spent twice.
 */
export const fenceSchema = z.object({ epoch: countSchema, generation: countSchema });

export type Fence = z.infer<typeof fenceSchema>;

/** What holds nothing yet: every set is newer. */
export const noFence: Fence = { epoch: 0, generation: 0 };

/** What an agent says it holds: a fence, and the digest of the set under it, when it says one. */
export type HeldFence = Fence & { readonly setDigest?: string | undefined };

/**
 * The newest fence of a record, and the digest that it issued under the number which is asked about, if it still knows:
 * empty where nothing was ever sent under that number.
 */
export interface IssuedFence {
  readonly newest: Fence;
  readonly digest: string | undefined;
}

/**
 * Whether somebody holds what this record never issued: a set above all of its own, or another set under one of its own
 * numbers. Either is what a record that was set back to an older time looks like from a cluster.
 */
export function isAhead(held: HeldFence, { newest, digest }: IssuedFence): boolean {
  if (compareFences(held, newest) > 0) return true;
  return held.epoch === newest.epoch && digest !== undefined && !!held.setDigest && held.setDigest !== digest;
}

/** Negative when `left` is older than `right`, zero when equal, positive when newer. */
export function compareFences(left: Fence, right: Fence): number {
  return left.epoch - right.epoch || left.generation - right.generation;
}

/** A fence as logs and people read it: `1.42`. */
export function fenceText(fence: Fence): string {
  return `${fence.epoch}.${fence.generation}`;
}
