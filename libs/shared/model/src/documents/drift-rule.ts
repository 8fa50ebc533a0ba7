import { z } from 'zod';
import { ignoreRuleShape } from './ignore-rule.ts';

/** What an agent does about a difference that somebody else made: nothing, tell, or take it back. */
export const driftModes = ['off', 'report', 'correct'] as const;
export type DriftMode = (typeof driftModes)[number];

/**
 * What is done about drift in some fields, or in whole objects where a rule names no fields. It is about the time between
 * two syncs: a sync takes back what is not ignored.
 */
export const driftRuleSchema = z.strictObject({ ...ignoreRuleShape, mode: z.enum(driftModes) });
export type DriftRule = z.infer<typeof driftRuleSchema>;
