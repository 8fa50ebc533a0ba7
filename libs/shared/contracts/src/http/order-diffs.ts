import { z } from 'zod';
import { nameSchema, reasonSchema, rollbackRequestSchema } from '@flotilla/model';
import { objectDiffSchema } from '../messages/ask.ts';
import { filterText, inProject, projectParams, someClusters } from './common.ts';
import { operation } from './operation.ts';

/** One change that an order would make, wherever it is the same, as one of its clusters tells it. */
const orderedChangeView = z.object({
  application: z.string(),
  environment: z.string(),
  /** The commit that is ordered now; absent where nothing runs yet. */
  from: z.string().optional(),
  to: z.string(),
  /** All that would change alike. */
  clusters: someClusters,
  /** The cluster whose agent said what follows; without it nobody did. */
  toldBy: z.string().optional(),
  /** Those that were to tell it and could not, each with why. */
  silent: z.array(z.object({ cluster: z.string(), reason: reasonSchema })),
  /** What would differ from what stands in that cluster; secrets are masked there. */
  objects: z.array(objectDiffSchema),
  warnings: z.array(reasonSchema),
});

/** What an order would change in clusters, each distinct change once. */
export const orderDiffView = z.object({
  changes: z.array(orderedChangeView),
  /** How many more distinct changes there are that nobody was asked about: those of the fewest clusters. */
  more: z.int(),
});

export type OrderDiffView = z.infer<typeof orderDiffView>;

export const orderDiffOperations = {
  diffRollback: operation({
    method: 'POST',
    path: `${inProject}/rollbacks/diff`,
    summary: 'Ask agents what an order to go back would change, object by object, and change nothing',
    permission: 'read',
    params: projectParams,
    body: rollbackRequestSchema.pick({ selection: true, to: true, runHooks: true, breakGlass: true }),
    response: orderDiffView,
  }),
  diffPromotion: operation({
    method: 'POST',
    path: `${inProject}/promotions/diff`,
    summary: 'Ask agents what a release would change in a stage, object by object, and change nothing',
    permission: 'read',
    params: projectParams,
    body: z.object({
      application: nameSchema,
      environment: nameSchema,
      /** Its uid, or the beginning of its commit; the newest that could go where nothing is said. */
      release: filterText(64).min(1).optional(),
    }),
    response: orderDiffView,
  }),
} as const;
