import { setAsideMs } from '@flotilla/control-store/testing';
import type { VirtualClock } from '@flotilla/foundation/testing';
import type { Violation } from './invariants.ts';

/** The name of the one rule that is asked only when nothing goes wrong any more. */
export const convergence = 'I5 once all is well, everything is as Git says, and is said to be';

/**
 * Longer than any pause that a fault leads to, with time for what comes after it: work that took processes with it is
 * looked at again after `setAsideMs`.
 */
const intervalMs = 2 * setAsideMs;
const looksMax = 40;

/** Waits until nothing is wrong any more, for as long as anything may take; what is still wrong then is returned. */
export async function untilConverged(
  clock: VirtualClock,
  wrong: () => readonly Violation[] | Promise<readonly Violation[]>,
): Promise<readonly Violation[]> {
  let found = await wrong();
  for (let look = 0; look < looksMax && (look === 0 || found.length > 0); look++) {
    await clock.advance(intervalMs / looksMax);
    found = await wrong();
  }
  return found;
}
