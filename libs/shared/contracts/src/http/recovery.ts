import { z } from 'zod';
import { connectionSchema, entryFreezeSchema, fenceSchema, suspensionSchema, whySchema } from '@flotilla/model';
import { operation } from './operation.ts';

/** What recovering would change on one cluster. Nothing is ever deleted by it. */
const clusterRecovery = z.object({
  /** Targets that are sent for the first time, and those that are sent otherwise than the cluster holds them. */
  added: z.array(z.string()),
  changed: z.array(z.string()),
  unchanged: z.int(),
  /** Targets that the database does not know: they are kept, and listed as Unlisted. */
  unlisted: z.array(z.string()),
  /** Orders of people that the cluster still holds and the database lost: they end. */
  lostOrders: z.array(z.object({ target: z.string(), suspended: suspensionSchema })),
  /** Freezes that the cluster still keeps and the database lost: they end. */
  lostFreezes: z.array(entryFreezeSchema),
});

/** What `recover` would do: which clusters are ahead of the database, and what each would be sent. */
export const recoveryPlanView = z.object({
  epoch: z.int(),
  clusters: z.int(),
  restored: z.object({ at: z.string(), takenAt: z.string() }).optional(),
  ahead: z.array(
    z.object({
      uid: z.string(),
      project: z.string(),
      name: z.string(),
      connection: connectionSchema,
      fence: fenceSchema,
      held: fenceSchema,
      recovery: clusterRecovery.optional(),
      /** Why nothing is known of what the cluster would be sent anew. */
      unknown: z.string().optional(),
    }),
  ),
  /** Who is heard and on no record: forgotten, or joined after the backup was taken. They are told nothing. */
  strangers: z.array(
    z.object({
      uid: z.string(),
      lastHeardAt: z.string(),
      forgotten: z.object({ project: z.string(), name: z.string(), at: z.string(), by: z.string() }).optional(),
    }),
  ),
});

export type RecoveryPlanView = z.infer<typeof recoveryPlanView>;

/** What became of the order to recover. */
export const recoveredView = z.object({ epoch: z.int(), opened: z.boolean() });

export const recoveryOperations = {
  planRecovery: operation({
    method: 'GET',
    path: '/api/v1/recovery',
    summary: 'Which clusters are ahead of a restored database, and what recovering would change',
    permission: 'admin',
    response: recoveryPlanView,
  }),
  recover: operation({
    method: 'POST',
    path: '/api/v1/recovery',
    summary: 'Open a new epoch, so that every cluster is sent its whole set again',
    permission: 'admin',
    /** `epoch` is the one that the plan named: of two who recover at once, one opens the next. */
    body: z.object({ epoch: z.int().min(0), reason: whySchema }),
    response: recoveredView,
  }),
} as const;
