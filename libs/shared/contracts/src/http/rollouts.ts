import { z } from 'zod';
import { clusterPhases, nameSchema, reasonSchema, rolloutOrders, rolloutStates, uidSchema } from '@flotilla/model';
import { inProject, projectParams } from './common.ts';
import { rolloutView } from './delivery.ts';
import { operation } from './operation.ts';
import { gateWaitView } from './promotion.ts';
import { explanationView } from './targets.ts';

/** One cluster of a rollout that goes in waves. */
const rolloutMemberView = z.object({
  cluster: z.string(),
  phase: z.enum(clusterPhases),
  reason: reasonSchema.optional(),
  /** Until when time alone keeps it there. */
  until: z.string().optional(),
});

/** A rollout with who is where; without waves everybody was admitted at once. */
export const rolloutCourseView = rolloutView.extend({
  /** Why it goes no further, while it does not. Control planes of before do not say. */
  explanation: z.array(explanationView).optional(),
  waves: z.array(
    z.object({
      name: z.string(),
      /** What a wave that was to stand for the fleet does not cover. */
      uncovered: z.array(z.string()).optional(),
      /** What still has to let it begin. */
      waits: z.array(gateWaitView).optional(),
      members: z.array(rolloutMemberView),
    }),
  ),
});

/** What an order made of a rollout. */
export const orderedRolloutView = z.object({
  rollout: z.string(),
  state: z.enum(rolloutStates),
  /** The clusters that it was about. */
  clusters: z.array(z.string()),
});

export type RolloutCourseView = z.infer<typeof rolloutCourseView>;
export type OrderedRolloutView = z.infer<typeof orderedRolloutView>;

const place = projectParams.extend({ application: nameSchema, environment: nameSchema });

export const rolloutOperations = {
  getRollout: operation({
    method: 'GET',
    path: `${inProject}/rollouts/{application}/{environment}`,
    summary: 'The newest rollout into an environment, wave by wave',
    permission: 'read',
    params: place,
    response: rolloutCourseView,
  }),
  steerRollout: operation({
    method: 'POST',
    path: `${inProject}/rollouts/{application}/{environment}/{order}`,
    summary: 'Pause, resume or abort a rollout, have what failed tried again, or pass a cluster by',
    permission: 'write',
    params: place.extend({ order: z.enum(rolloutOrders) }),
    body: z.object({
      cluster: nameSchema.optional(),
      /** Which of several that are open; the newest where nothing is said. */
      rollout: uidSchema.optional(),
    }),
    response: orderedRolloutView,
    status: 202,
  }),
} as const;
