import { z } from 'zod';
import {
  breakGlassDefault,
  breakGlassSchema,
  breakGlassTimeSchema,
  connectionSchema,
  driftedFieldSchema,
  entryFreezeSchema,
  entryPinSchema,
  healthStatusSchema,
  reasonSchema,
  resourceStatusSchema,
  suspensionSchema,
  syncStatusSchema,
  targetIntentSchema,
  whySchema,
} from '@flotilla/model';
import { objectDiffSchema } from '../messages/ask.ts';
import { filterText, inProject, nounView, pageOf, pageQuery, projectParams, uidParams } from './common.ts';
import { countsView } from './documents.ts';
import { operation } from './operation.ts';

/** One application in one environment on one cluster: what shall run, and what its agent last said of it. */
export const targetView = nounView(
  'Target',
  z.object({
    application: z.string(),
    environment: z.string(),
    cluster: z.string(),
    intent: targetIntentSchema,
    namespace: z.string(),
    release: z.string(),
    revision: z.string(),
    generation: z.int(),
    suspended: suspensionSchema.optional(),
    frozen: z.array(entryFreezeSchema).optional(),
    breakGlass: breakGlassSchema.optional(),
    /** A rollback holds it at what it is ordered to run: it differs from Git since then. */
    pin: entryPinSchema.optional(),
  }),
  z.object({
    sync: syncStatusSchema,
    health: healthStatusSchema,
    reason: reasonSchema.optional(),
    revision: z.string().optional(),
    generation: z.int(),
    since: z.string(),
    appliedAt: z.string().optional(),
    reportedAt: z.string().optional(),
    /** Whether the cluster is heard now; when it is not, everything here is what was last known. */
    connection: connectionSchema,
  }),
);

export type TargetView = z.infer<typeof targetView>;

export const deploymentView = z.object({
  at: z.string(),
  revision: z.string(),
  release: z.string(),
  health: healthStatusSchema,
  healthyAt: z.string().optional(),
  reason: reasonSchema.optional(),
});

/** Why a target is not where it should be, or that it is. Every waiting thing answers these questions. */
export const explanationView = z.object({
  state: z.string(),
  blockedBy: z.string().optional(),
  since: z.string().optional(),
  whoCanAct: z.string().optional(),
  nextTry: z.string().optional(),
});

export type ExplanationView = z.infer<typeof explanationView>;

/** A target with everything that a person asks next: its objects, who changed them, what was there before, what it waits for. */
export const targetStoryView = targetView.extend({
  resources: z.array(resourceStatusSchema),
  drift: z.array(driftedFieldSchema),
  history: z.array(deploymentView),
  explanation: z.array(explanationView),
});

export type TargetStoryView = z.infer<typeof targetStoryView>;

const targetFilter = z.object({
  application: filterText(63).optional(),
  environment: filterText(63).optional(),
  cluster: filterText(63).optional(),
  sync: syncStatusSchema.optional(),
  health: healthStatusSchema.optional(),
});

export type TargetFilter = z.output<typeof targetFilter>;

/** Which targets an order is for. At least one part must be named, so that nobody stops the fleet by leaving it out. */
export const targetChoice = targetFilter
  .pick({ application: true, environment: true, cluster: true })
  .refine((choice) => Object.values(choice).some(Boolean), {
    message: 'must name an application, environment or cluster',
  });

export type TargetChoice = z.output<typeof targetChoice>;

/** The targets that an order reached. */
export const affected = z.object({ targets: z.array(z.object({ uid: z.string(), name: z.string() })) });

/** The targets of one application in one environment, in numbers: one square of the grid. */
export const targetCountView = countsView.extend({
  application: z.string(),
  environment: z.string(),
  revision: z.string().optional(),
});

export type TargetCountView = z.infer<typeof targetCountView>;

export const targetOperations = {
  listTargets: operation({
    method: 'GET',
    path: `${inProject}/targets`,
    summary: 'List targets',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend(targetFilter.shape),
    response: pageOf(targetView),
  }),
  getTarget: operation({
    method: 'GET',
    path: `${inProject}/targets/{uid}`,
    summary: 'The story of one target: resources, drift, history, and why it is as it is',
    permission: 'read',
    params: uidParams,
    response: targetStoryView,
  }),
  diffTarget: operation({
    method: 'POST',
    path: `${inProject}/targets/{uid}/diff`,
    summary: 'Ask the agent how the cluster differs from Git',
    permission: 'read',
    params: uidParams,
    response: z.object({ objects: z.array(objectDiffSchema) }),
  }),
  syncTargets: operation({
    method: 'POST',
    path: `${inProject}/targets/sync`,
    summary: 'Look at Git again and apply everything once more',
    permission: 'write',
    params: projectParams,
    body: targetChoice,
    response: affected,
    status: 202,
  }),
  suspendTargets: operation({
    method: 'POST',
    path: `${inProject}/targets/suspend`,
    summary: 'Stop every write to these targets',
    permission: 'write',
    params: projectParams,
    body: z.object({ choice: targetChoice, reason: whySchema }),
    response: affected,
    status: 202,
  }),
  resumeTargets: operation({
    method: 'POST',
    path: `${inProject}/targets/resume`,
    summary: 'Lift a suspension that was set here',
    permission: 'write',
    params: projectParams,
    body: targetChoice,
    response: affected,
    status: 202,
  }),
  breakGlass: operation({
    method: 'POST',
    path: `${inProject}/targets/break-glass`,
    summary: 'Let the newest release pass the freezes of these targets, and nothing else, for a while',
    permission: 'break-glass',
    params: projectParams,
    body: z.object({
      choice: targetChoice,
      reason: whySchema,
      for: breakGlassTimeSchema.default(breakGlassDefault),
    }),
    response: affected,
    status: 202,
  }),
  countTargets: operation({
    method: 'GET',
    path: `${inProject}/counts`,
    summary: 'Targets in numbers, by application and environment',
    permission: 'read',
    params: projectParams,
    response: z.object({ items: z.array(targetCountView) }),
  }),
} as const;
