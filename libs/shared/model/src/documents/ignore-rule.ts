import { z } from 'zod';

const globSchema = z.string().max(253);

/** What a rule that ignores fields says; documents refuse other words, entries keep them for whoever understands them. */
export const ignoreRuleShape = {
  group: globSchema.optional(),
  kind: globSchema.optional(),
  name: globSchema.optional(),
  namespace: globSchema.optional(),
  /** Fields by JSON pointer: `/spec/replicas`, `/metadata/annotations/a~1b`. */
  jsonPointers: z.array(z.string().startsWith('/').max(1_000)).max(50).optional(),
  /** Fields that one of these field managers owns in the cluster. */
  managers: z.array(z.string().min(1).max(128)).max(50).optional(),
};

/**
 * Fields that are none of our business, of the objects that all given names match. A name may hold `*` and `?`; one that
 * is left out matches everything, the empty group only the core group.
 */
export const ignoreRuleSchema = z.strictObject(ignoreRuleShape);
export type IgnoreRule = z.infer<typeof ignoreRuleSchema>;
