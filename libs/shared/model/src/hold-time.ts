import { durationWithin } from './documents/common.ts';

/** For how long something is held: what is held for ever says nothing of it. */
export const holdTimeSchema = durationWithin('1s', '365d');
