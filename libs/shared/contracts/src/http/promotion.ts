import { z } from 'zod';
import { holdTimeSchema, nameSchema, promotionModes, whySchema } from '@flotilla/model';
import { filterText, inProject, nounView, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';

/** What a release waits for before a stage: the same questions that every waiting thing answers. */
export const gateWaitView = z.object({
  gate: z.string(),
  blockedBy: z.string(),
  since: z.string().optional(),
  whoCanAct: z.string().optional(),
  nextTry: z.string().optional(),
});

/** A release that would bring a stage something new. */
const candidateView = z.object({
  release: z.string(),
  revision: z.string(),
  /** The source digest that would enter: what an approval is for. */
  digest: z.string(),
  state: z.enum(['Enters', 'Waits', 'Skipped', 'Superseded']),
  waits: z.array(gateWaitView),
  passed: z.array(z.string()),
  /** Inputs that enter and that no stage before ever ran. */
  untried: z.array(z.object({ path: z.string(), tree: z.string().optional() })),
  /** Settings of rendering that changed here and that no stage before has, as `render.substitute.size`. */
  untriedSettings: z.array(z.string()).optional(),
});

/** That somebody lets nothing past a stage, or nothing of one release. */
const stageHoldView = z.object({
  who: z.string(),
  reason: z.string(),
  since: z.string(),
  until: z.string().optional(),
  revision: z.string().optional(),
});

/** What a rollback holds in a stage, whatever entered there. */
const stagePinView = z.object({
  rollback: z.string(),
  revision: z.string(),
  targets: z.number().int(),
});

/** A stage that comes after others, for one application: what runs there, and what waits before it. */
export const stageView = nounView(
  'Stage',
  z.object({
    application: z.string(),
    environment: z.string(),
    after: z.array(z.string()),
    promote: z.enum(promotionModes),
  }),
  z.object({
    release: z.string().optional(),
    revision: z.string().optional(),
    /** What people hold there: all of it, or one release. */
    holds: z.array(stageHoldView).optional(),
    /** What rollbacks hold there, against what entered. */
    pinned: z.array(stagePinView).optional(),
    /** Why its record in Git does not say what runs there, where it keeps one. */
    unsaid: gateWaitView.optional(),
    /** Newest first. */
    candidates: z.array(candidateView),
    changedAt: z.string(),
  }),
);

export type StageView = z.infer<typeof stageView>;
export type CandidateView = z.infer<typeof candidateView>;

const releaseText = filterText(64).min(1);
const place = z.object({ application: nameSchema, environment: nameSchema });

/** Before this wave of the rollout that is under way, instead of before the stage. */
const beforeWave = { wave: nameSchema.optional() };

export const promotionOperations = {
  listStages: operation({
    method: 'GET',
    path: `${inProject}/stages`,
    summary: 'Stages that come after others, what runs there and what waits for whom',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ application: filterText(63).optional(), environment: filterText(63).optional() }),
    response: pageOf(stageView),
  }),
  promote: operation({
    method: 'POST',
    path: `${inProject}/promotions`,
    summary: 'Have a release enter a stage as soon as its gates let it in',
    permission: 'write',
    params: projectParams,
    body: place.extend({
      /** Its uid, or the beginning of its commit; the newest that could go where nothing is said. */
      release: releaseText.optional(),
      reason: whySchema,
      /** In place of what somebody else promoted, and of a rollout that is under way. */
      instead: z.boolean().optional(),
    }),
    response: z.object({
      promotion: z.string(),
      release: z.string(),
      revision: z.string(),
      digest: z.string(),
      replaced: z.string().optional(),
    }),
    status: 202,
  }),
  approve: operation({
    method: 'POST',
    path: `${inProject}/approvals`,
    summary: 'Agree to exactly what a release would bring a stage, or a wave of its rollout',
    permission: 'approve',
    params: projectParams,
    // The release has to be named: nobody agrees to what came a moment after they looked.
    body: place.extend({ release: releaseText, ...beforeWave }),
    response: z.object({
      approval: z.string(),
      release: z.string(),
      revision: z.string(),
      digest: z.string(),
      expiresAt: z.string(),
      wave: z.string().optional(),
    }),
    status: 202,
  }),
  overrideGates: operation({
    method: 'POST',
    path: `${inProject}/overrides`,
    summary:
      'Do without the word of whoever is asked outside, for exactly what a release would bring a stage, or a wave of its rollout',
    permission: 'break-glass',
    params: projectParams,
    body: place.extend({ release: releaseText, ...beforeWave, reason: whySchema }),
    response: z.object({
      release: z.string(),
      revision: z.string(),
      digest: z.string(),
      gates: z.array(z.string()),
      expiresAt: z.string(),
      wave: z.string().optional(),
    }),
    status: 202,
  }),
  holdStage: operation({
    method: 'POST',
    path: `${inProject}/holds`,
    summary: 'Let nothing past a stage, or nothing of one release',
    permission: 'write',
    params: projectParams,
    body: place.extend({ release: releaseText.optional(), reason: whySchema, for: holdTimeSchema.optional() }),
    response: z.object({
      hold: z.string(),
      release: z.string().optional(),
      revision: z.string().optional(),
      expiresAt: z.string().optional(),
    }),
    status: 202,
  }),
  unholdStage: operation({
    method: 'POST',
    path: `${inProject}/holds/lift`,
    summary: 'Let go on what is held in a stage: all of it, or one release',
    permission: 'write',
    params: projectParams,
    body: place.extend({ release: releaseText.optional(), reason: whySchema }),
    response: z.object({ holds: z.array(z.string()) }),
    status: 202,
  }),
} as const;
