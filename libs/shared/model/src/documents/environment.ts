import { z } from 'zod';
import { labelSelectorSchema } from '../selector.ts';
import { documentSchema, durationSchema } from './common.ts';
import { rolloutStrategySchema } from './rollout-strategy.ts';
import { environmentWindowSchema } from './sync-windows.ts';

/** That agents which nobody hears go back by themselves from a release that fails in its first time there. */
const retreatSchema = z.strictObject({
  /** How long nobody has to have answered. */
  after: durationSchema.default('10m'),
  /** How soon after its apply a release has to fail, so that it is the release. */
  within: durationSchema.default('30m'),
});

/** A named set of clusters, chosen by the labels that the control plane keeps, never by what an agent says of itself. */
export const environmentSchema = documentSchema(
  'Environment',
  z.strictObject({
    clusters: labelSelectorSchema,
    /** How a release goes over them; to all at once where nothing is said. */
    rollout: rolloutStrategySchema.optional(),
    /** When syncs may run here. */
    windows: z.array(environmentWindowSchema).max(50).optional(),
    retreat: retreatSchema.optional(),
  }),
);

export type EnvironmentDocument = z.infer<typeof environmentSchema>;
