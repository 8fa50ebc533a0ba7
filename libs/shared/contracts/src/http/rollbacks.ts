import { z } from 'zod';
import {
  nameSchema,
  reasonSchema,
  rollbackRequestSchema,
  rollbackSelectionSchema,
  rolloutStates,
  whySchema,
} from '@flotilla/model';
import {
  filterText,
  inProject,
  nounView,
  pageOf,
  pageQuery,
  projectParams,
  someClusters,
  uidParams,
  blastView,
} from './common.ts';
import { operation } from './operation.ts';
import { affected, targetChoice } from './targets.ts';

/** One application in one environment, as an order would take it back. */
const rollbackPlaceView = z.object({
  application: z.string(),
  environment: z.string(),
  /** The commits that its targets are ordered to run now. */
  from: z.array(z.string()),
  to: z.object({ release: z.string(), revision: z.string() }).optional(),
  /** Why it would go nowhere. */
  problem: reasonSchema.optional(),
  /** Who goes back together: those that are not well, then the others by quarters; or everybody. */
  waves: z.array(someClusters.extend({ name: z.string() })),
  /** Those that never ran it, and have to fetch it first. */
  fetching: someClusters,
  /** Those that are ordered to run it already; they are held there. */
  held: someClusters,
  /** Those that the order passes by. */
  excluded: z.array(z.object({ cluster: z.string(), reason: reasonSchema })),
  /** Fields of the settings that go back with it; what they change in clusters is said by `rollbacks/diff`. */
  settings: z.array(z.string()),
  warnings: z.array(reasonSchema),
});

/** What an order to go back would do, and what it rests on. */
export const rollbackPreviewView = z.object({
  /** Give this back with the order: it is refused if something else was accepted meanwhile. */
  standing: z.string(),
  blast: blastView,
  places: z.array(rollbackPlaceView),
});

export type RollbackPreviewView = z.infer<typeof rollbackPreviewView>;

/** An accepted order to go back, and how far it has come. */
export const rollbackView = nounView(
  'Rollback',
  z.object({ selection: rollbackSelectionSchema, to: z.string(), reason: z.string(), by: z.string() }),
  z.object({
    state: z.enum(rolloutStates),
    total: z.int(),
    arrived: z.int(),
    failing: z.int(),
    /** Targets that it still holds against what Git says. */
    held: z.int(),
    places: z.array(
      z.object({
        application: z.string(),
        environment: z.string(),
        revision: z.string(),
        rollout: z.string(),
        state: z.enum(rolloutStates),
        total: z.int(),
        arrived: z.int(),
        failing: z.int(),
        held: z.int(),
      }),
    ),
  }),
);

export type RollbackView = z.infer<typeof rollbackView>;

/** A source digest of an application that enters nowhere any more. */
export const quarantineView = nounView(
  'Quarantine',
  z.object({ application: z.string(), digest: z.string() }),
  z.object({ by: z.string(), reason: z.string() }),
);

export type QuarantineView = z.infer<typeof quarantineView>;

/** An order to go back, with what the preview rested on that its giver saw. */
export const rollbackOrderSchema = rollbackRequestSchema.extend({ standing: z.string().max(64) });

export const rollbackOperations = {
  previewRollback: operation({
    method: 'POST',
    path: `${inProject}/rollbacks/preview`,
    summary: 'Say what an order to go back would do, and change nothing',
    permission: 'read',
    params: projectParams,
    body: rollbackRequestSchema.pick({ selection: true, to: true, atOnce: true, breakGlass: true }),
    response: rollbackPreviewView,
  }),
  openRollback: operation({
    method: 'POST',
    path: `${inProject}/rollbacks`,
    summary: 'Go back to what was well before; refused when something else was accepted since the preview',
    permission: 'write',
    params: projectParams,
    body: rollbackOrderSchema.omit({ breakGlass: true }),
    response: rollbackView,
    status: 201,
  }),
  breakGlassRollback: operation({
    method: 'POST',
    path: `${inProject}/rollbacks/break-glass`,
    summary: 'Go back past the freezes of what the order is for, for a while',
    permission: 'break-glass',
    params: projectParams,
    body: rollbackOrderSchema.required({ breakGlass: true }),
    response: rollbackView,
    status: 201,
  }),
  listRollbacks: operation({
    method: 'GET',
    path: `${inProject}/rollbacks`,
    summary: 'Rollbacks, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery,
    response: pageOf(rollbackView),
  }),
  getRollback: operation({
    method: 'GET',
    path: `${inProject}/rollbacks/{uid}`,
    summary: 'One rollback, and how far each of its places has come',
    permission: 'read',
    params: uidParams,
    response: rollbackView,
  }),
  unpinTargets: operation({
    method: 'POST',
    path: `${inProject}/targets/unpin`,
    summary: 'Let targets go on that a rollback holds',
    permission: 'write',
    params: projectParams,
    body: z.object({ choice: targetChoice, forward: z.boolean().default(false), reason: whySchema }),
    response: affected,
    status: 202,
  }),
  listQuarantine: operation({
    method: 'GET',
    path: `${inProject}/quarantine`,
    summary: 'Source digests that enter nowhere any more, the newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery,
    response: pageOf(quarantineView),
  }),
  liftQuarantine: operation({
    method: 'POST',
    path: `${inProject}/quarantine/lift`,
    summary: 'Let a source digest enter again',
    permission: 'write',
    params: projectParams,
    body: z.object({ application: nameSchema, digest: filterText(64).min(7), reason: whySchema }),
    response: z.object({ digests: z.array(z.string()) }),
    status: 202,
  }),
} as const;
