import { parseDuration } from '@flotilla/foundation';
import { durationSchema } from './documents/common.ts';

const tenYearsMs = 3_650 * 86_400_000;
const msOf = (text: string) => parseDuration(text) ?? 0;

/** How long a token is good for: long enough that a misread unit is found out, short enough that its end can be written. */
export const tokenLifeSchema = durationSchema
  .refine((text) => msOf(text) > 0, 'must be longer than nothing')
  .refine(
    (text) => msOf(text) <= tenYearsMs,
    'must be ten years at most; leave it out for a token that does not expire',
  );
