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

/** Negative when `left` is older than `right`, zero when equal, positive when newer. */
export function compareFences(left: Fence, right: Fence): number {
  return left.epoch - right.epoch || left.generation - right.generation;
}

/** A fence as logs and people read it: `1.42`. */
export function fenceText(fence: Fence): string {
  return `${fence.epoch}.${fence.generation}`;
}
