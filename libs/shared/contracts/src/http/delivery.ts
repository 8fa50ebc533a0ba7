import { z } from 'zod';
import { deploymentEnds, readImageQuery, reasonSchema, rolloutCauses, rolloutStates } from '@flotilla/model';
import { filterText, inProject, momentText, nounView, pageOf, pageQuery, projectParams } from './common.ts';
import { operation } from './operation.ts';
import { deploymentView } from './targets.ts';

/** A commit that a tracked ref was seen at. */
export const revisionView = nounView(
  'Revision',
  z.object({ repository: z.string(), ref: z.string(), commit: z.string() }),
  z.object({ author: z.string(), subject: z.string(), committedAt: z.string(), seenAt: z.string() }),
);

/** One commit of one application, with the source digest that it has in each environment. */
export const releaseView = nounView(
  'Release',
  z.object({ application: z.string(), revision: z.string(), digests: z.record(z.string(), z.string()) }),
  z.object({
    targets: z.int(),
    /** Where it stands, by environment: as a rollout, or as one that waits before a stage. */
    stands: z.record(z.string(), z.string()),
  }),
);

/** One release entering one environment, and how far it has come. */
export const rolloutView = nounView(
  'Rollout',
  z.object({
    application: z.string(),
    environment: z.string(),
    release: z.string(),
    revision: z.string(),
    cause: z.enum(rolloutCauses),
    /** The order to go back that it carries out. */
    rollback: z.string().optional(),
  }),
  z.object({
    state: z.enum(rolloutStates),
    total: z.int(),
    /** Targets that are Synced and Healthy at this release. */
    arrived: z.int(),
    failing: z.int(),
    /** The wave that is under way, where it goes in waves. */
    wave: z.string().optional(),
    /** Why nobody else is admitted, and since when. */
    blocked: reasonSchema.optional(),
    blockedSince: z.string().optional(),
    finishedAt: z.string().optional(),
  }),
);

export type RevisionView = z.infer<typeof revisionView>;
export type ReleaseView = z.infer<typeof releaseView>;
export type RolloutView = z.infer<typeof rolloutView>;

const ofApplication = pageQuery.extend({
  application: filterText(63).optional(),
  environment: filterText(63).optional(),
});

const imageQuery = filterText(600).transform((text, context) => {
  const query = readImageQuery(text);
  if (query) return query;
  context.addIssue('must be an image: NAME, NAME:TAG, NAME@DIGEST or @DIGEST');
  return z.NEVER;
});

/** A release that was applied on a target: from when to when it ran there, what of, and what became of it. */
export const ranView = deploymentView.extend({
  application: z.string(),
  environment: z.string(),
  cluster: z.string(),
  target: z.string(),
  sourceDigest: z.string().optional(),
  /** The images that it names; absent where the agent did not tell. */
  images: z.array(z.string()).optional(),
  /** Until when it ran there; absent while it does. */
  until: z.string().optional(),
  /** Another release came, the target left the cluster, or nothing is known of the cluster since. */
  ended: z.enum(deploymentEnds).optional(),
});

export type RanView = z.infer<typeof ranView>;

export const deliveryOperations = {
  listRevisions: operation({
    method: 'GET',
    path: `${inProject}/revisions`,
    summary: 'Commits that were seen, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ repository: filterText(63).optional() }),
    response: pageOf(revisionView),
  }),
  listReleases: operation({
    method: 'GET',
    path: `${inProject}/releases`,
    summary: 'Releases, newest first',
    permission: 'read',
    params: projectParams,
    query: pageQuery.extend({ application: filterText(63).optional() }),
    response: pageOf(releaseView),
  }),
  listRollouts: operation({
    method: 'GET',
    path: `${inProject}/rollouts`,
    summary: 'Rollouts, newest first',
    permission: 'read',
    params: projectParams,
    query: ofApplication,
    response: pageOf(rolloutView),
  }),
  listDeployments: operation({
    method: 'GET',
    path: `${inProject}/deployments`,
    summary: 'What was applied where, and what became of it; newest first',
    permission: 'read',
    params: projectParams,
    query: ofApplication.extend({
      cluster: filterText(63).optional(),
      /** Only what ran at this moment. */
      at: momentText.optional(),
      /** `NAME`, `NAME:TAG`, `NAME@DIGEST` or `@DIGEST`. */
      image: imageQuery.optional(),
      /** A source digest, a commit: the whole of it, or how it begins. */
      sourceDigest: filterText(64).optional(),
      revision: filterText(64).optional(),
    }),
    response: pageOf(ranView).extend({
      /** Of what was before, not everything is kept any more. */
      knownSince: z.string().optional(),
      /** How many of those that could be meant say nothing of their images, when an image is asked for. */
      withoutImages: z.int().optional(),
    }),
  }),
} as const;
