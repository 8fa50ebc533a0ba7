import { z } from 'zod';
import { labelSelectorSchema } from '../selector.ts';
import { documentSchema } from './common.ts';
import { rolloutStrategySchema } from './rollout-strategy.ts';
import { environmentWindowSchema } from './sync-windows.ts';

/** A named set of clusters, chosen by the labels that the control plane keeps, never by what an agent says of itself. */
export const environmentSchema = documentSchema(
  'Environment',
  z.strictObject({
    clusters: labelSelectorSchema,
    /** How a release goes over them; to all at once where nothing is said. */
    rollout: rolloutStrategySchema.optional(),
    /** When syncs may run here. */
    windows: z.array(environmentWindowSchema).max(50).optional(),
  }),
);

export type EnvironmentDocument = z.infer<typeof environmentSchema>;
