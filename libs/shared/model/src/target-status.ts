import { z } from 'zod';
import { commitSchema, uidSchema } from './names.ts';
import { countSchema, timeSchema } from './numbers.ts';
import { healthStatusSchema, reasonSchema, syncStatusSchema } from './status.ts';

/** A word that only a newer agent knows says nothing here; the report that holds it is worth having all the same. */
function reportedWord<Word extends z.ZodEnum>(known: Word) {
  const words: readonly unknown[] = known.options;
  const isForeign = (value: unknown) => typeof value === 'string' && value.length <= 64 && !words.includes(value);
  return z.preprocess((value) => (isForeign(value) ? 'Unknown' : value), known);
}

/** One object of a target as its agent sees it. */
export const resourceStatusSchema = z.object({
  group: z.string().max(253),
  kind: z.string().max(63),
  namespace: z.string().max(63).optional(),
  name: z.string().max(253),
  sync: reportedWord(syncStatusSchema),
  health: reportedWord(healthStatusSchema),
  reason: reasonSchema.optional(),
});
export type ResourceStatus = z.infer<typeof resourceStatusSchema>;

/** A field that somebody else changed, and what became of it. Values are left out: they may be secret. */
export const driftedFieldSchema = z.object({
  object: z.string().max(400),
  /** As the API server names it; empty for the object as a whole, which somebody deleted. */
  field: z.string().max(400),
  manager: z.string().max(128),
  /** How he wrote: applied it as his, or updated what is there. */
  operation: z.string().max(16).optional(),
  at: z.string().max(40).optional(),
  /** Nothing stands there any more. */
  removed: z.boolean().optional(),
  corrected: z.boolean(),
});
export type DriftedField = z.infer<typeof driftedFieldSchema>;

/** How many images one target tells of, and how long the name of one may be. */
export const imagesMax = 200;
const imageLengthMax = 512;

/** What one agent says of one target. The agent is the record of this; the control plane stores what it was told. */
export const targetStatusSchema = z.object({
  target: uidSchema,
  /** The generation of the entry that this status is about. */
  generation: countSchema,
  /** What the cluster runs now; absent until something was applied. */
  revision: commitSchema.optional(),
  release: uidSchema.optional(),
  sourceDigest: z.string().max(64).optional(),
  renderDigest: z.string().max(64).optional(),
  sync: reportedWord(syncStatusSchema),
  health: reportedWord(healthStatusSchema),
  /** Why sync or health is not what it should be; absent when all is well. */
  reason: reasonSchema.optional(),
  /** Since when sync and health are what they are, by the agent's clock. */
  since: timeSchema,
  appliedAt: timeSchema.optional(),
  /** Every image that what was applied names, sorted; those of hooks that ran with it as well. */
  images: z.array(z.string().max(imageLengthMax)).max(imagesMax).optional(),
  /** The target has left the cluster as its entry asked: it may be forgotten. */
  gone: z.boolean().optional(),
  resources: z.array(resourceStatusSchema).max(5_000),
  drift: z.array(driftedFieldSchema).max(100).optional(),
});
export type TargetStatus = z.infer<typeof targetStatusSchema>;
