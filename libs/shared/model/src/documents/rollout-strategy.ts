import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { labelSelectorSchema } from '../selector.ts';
import { amountSchema } from './amount.ts';
import { durationSchema } from './common.ts';
import { gatesSchema, waveGateSchema } from './gate.ts';

/** By what a wave chooses its clusters so that they differ: these labels, or what their agents say of them. */
const spreadBySchema = z.union([z.literal('facts'), z.array(z.string().min(1).max(316)).min(1).max(5)]);

const waveSchema = z.strictObject({
  name: nameSchema,
  /** How many of the clusters that no wave before it took; all of them where nothing is said. */
  take: amountSchema({ min: 1 }).optional(),
  /** Only clusters with these labels. */
  match: labelSelectorSchema.optional(),
  spreadBy: spreadBySchema.optional(),
  /** How long each of its clusters has to stay well before it counts. */
  minSuccessTime: durationSchema.optional(),
  /** How many of its clusters may fail. */
  maxFailures: amountSchema({ min: 0 }).optional(),
  /** How many of its clusters may be under way at once. */
  maxConcurrency: amountSchema({ min: 1 }).optional(),
  /** What has to let the release in before the first of its clusters takes it. */
  gates: gatesSchema(waveGateSchema).min(1).max(10).optional(),
});
export type RolloutWave = z.infer<typeof waveSchema>;

/** What becomes of clusters that are not heard: they are passed by and catch up, or everybody waits for them. */
export const offlinePolicies = ['skipAndCatchUp', 'wait'] as const;
export type OfflinePolicy = (typeof offlinePolicies)[number];

/** How a release goes over the clusters of an environment: a few at a time, and no further when it does harm. */
export const rolloutStrategySchema = z.strictObject({
  /** One after another; clusters that none of them takes form one more at the end. */
  waves: z
    .array(waveSchema)
    .min(1)
    .max(20)
    .optional()
    .superRefine((waves = [], context) => {
      const seen = new Set<string>();
      waves.forEach(({ name }, index) => {
        if (seen.has(name)) context.addIssue({ code: 'custom', message: `wave ${name} is there twice`, path: [index] });
        seen.add(name);
      });
    }),
  maxConcurrency: amountSchema({ min: 1 }).optional(),
  maxFailures: amountSchema({ min: 0 }).default(0),
  /** How long one cluster may take from its admission until it is well. */
  progressDeadline: durationSchema.default('15m'),
  /** What becomes of a release that fails: a person decides, or who took it goes back by itself to what was good. */
  onFailure: z.enum(['halt', 'rollback']).default('halt'),
  offline: z.enum(offlinePolicies).default('skipAndCatchUp'),
});
export type RolloutStrategy = z.infer<typeof rolloutStrategySchema>;
/** A strategy as people write it. */
export type RolloutStrategyInput = z.input<typeof rolloutStrategySchema>;

/** What an application may say on top: it narrows what its environment allows. */
export const rolloutNarrowingSchema = z.strictObject({
  maxConcurrency: amountSchema({ min: 1 }).optional(),
  maxFailures: amountSchema({ min: 0 }).optional(),
  progressDeadline: durationSchema.optional(),
  minSuccessTime: durationSchema.optional(),
});
export type RolloutNarrowing = z.infer<typeof rolloutNarrowingSchema>;
