import { parseDuration } from '@flotilla/foundation';
import { durationSchema } from './documents/common.ts';

const holdMaxMs = 365 * 86_400_000;

/** For how long something is held: what is held for ever says nothing of it. */
export const holdTimeSchema = durationSchema.refine((text) => isHoldTime(parseDuration(text) ?? 0), {
  message: 'must be longer than nothing, and 365d at most',
});

function isHoldTime(ms: number): boolean {
  return ms > 0 && ms <= holdMaxMs;
}
