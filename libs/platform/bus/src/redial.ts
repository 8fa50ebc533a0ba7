import { backoffMs, type Random } from '@flotilla/foundation';

/** The first dial after a cut is spread over this long: a broker that restarts is met by a stream and not by a wall. */
const firstSpreadMs = 2_000;
const backoff = { baseMs: 1_000, maxMs: 15_000 };

/**
 * How long one of many waits before it dials the broker again. A cut hits all of them in the same moment, so no two wait
 * equally long; who was refused waits longer each time, so that a broker that is busy letting others in is not kept from
 * it.
 */
export function redialMs(failures: number, random: Random): number {
  return failures === 0 ? Math.round(firstSpreadMs * random.next()) : backoffMs(failures, backoff, random);
}
