import { parseDuration } from '@flotilla/foundation';
import { z } from 'zod';
import { nameSchema } from '../names.ts';
import { documentSchema, durationSchema, repositoryPathSchema } from './common.ts';
import { driftModes, driftRuleSchema } from './drift-rule.ts';
import { healthRuleSchema } from './health-rule.ts';
import { ignoreRuleSchema } from './ignore-rule.ts';
import { namespaceMetadataSchema } from './namespace-metadata.ts';
import { renderSettingsSchema } from './render-settings.ts';
import { rolloutNarrowingSchema } from './rollout-strategy.ts';
import { templateOf } from './template-of.ts';

/** What becomes of objects whose application goes: they stay and belong to nobody, or they are deleted. */
export const removalModes = ['orphan', 'delete'] as const;
export type RemovalMode = (typeof removalModes)[number];

/** What becomes of what a deleted object owns, in kubectl's words: it goes after it, before it, or stays. */
export const cascadeModes = ['background', 'foreground', 'orphan'] as const;
export type CascadeMode = (typeof cascadeModes)[number];

/** The tools whose fields, on objects that they applied before us, become ours. */
export const takenOverTools = ['argocd', 'flux', 'kubectl', 'helm'] as const;
export type TakenOverTool = (typeof takenOverTools)[number];

/** A pause between two attempts: shorter ones only do harm. */
const pauseSchema = durationSchema.refine((text) => (parseDuration(text) ?? 0) >= 1_000, {
  message: 'must be at least one second',
});

const retrySchema = z.strictObject({
  limit: z.int().min(0).max(1_000).optional(),
  backoff: z
    .strictObject({
      duration: pauseSchema.optional(),
      factor: z.int().min(1).max(10).optional(),
      maxDuration: pauseSchema.optional(),
    })
    .optional(),
});

/** Another application, and where it has to be: on the same cluster, the only scope there is so far. */
const dependencySchema = z.strictObject({ application: nameSchema, same: z.enum(['cluster']) });

/** The name of a ServiceAccount, as Kubernetes takes them. */
const serviceAccountSchema = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, 'must be the name of a ServiceAccount');

/** How an application's objects are kept in step with Git. */
const syncSettingsShape = z.strictObject({
  /** Delete what was removed from Git. */
  prune: z.boolean().default(true),
  /** What happens when an object is changed by hand. */
  drift: z.enum(driftModes).default('correct'),
  /** What happens instead in these fields or objects; the first rule that is about a change decides. */
  driftRules: z.array(driftRuleSchema).max(50).optional(),
  /** What happens to the objects when the target goes away. */
  onRemove: z.enum(removalModes).default('orphan'),
  /** Take over objects that exist already and are not ours. */
  adopt: z.boolean().default(false),
  /** Objects that were there before may be deleted like others; otherwise they are left in place. */
  pruneAdopted: z.boolean().optional(),
  /** Take over objects that these tools applied, and the fields with them. */
  takeOverFrom: z.array(z.enum(takenOverTools)).max(takenOverTools.length).optional(),
  /** What becomes of what a deleted object owns; `background` where nothing is said. */
  cascade: z.enum(cascadeModes).optional(),
  /** Create the namespace when it is missing. A namespace made this way is never deleted. */
  createNamespace: z.boolean().default(true),
  /** Labels and annotations that stand on the namespace, whoever made it. */
  namespace: namespaceMetadataSchema.optional(),
  /** Fields that others may change: no difference there counts, and another manager that owns one keeps it. */
  ignore: z.array(ignoreRuleSchema).max(50).optional(),
  /** How long a wave waits for the one before it, and a hook for its end, before that is called a failure. */
  deadline: durationSchema.optional(),
  /** How what failed is tried again. It never ends: past the limit it goes on at the longest interval. */
  retry: retrySchema.optional(),
});

const syncSettingsSchema = syncSettingsShape.refine(({ namespace, createNamespace }) => !namespace || createNamespace, {
  message: 'needs createNamespace: what stands on a namespace is kept by who makes it',
  path: ['namespace'],
});

/** What an application says for one environment, on top of what it says for all of them. */
const inEnvironmentSchema = z.strictObject({
  render: renderSettingsSchema.optional(),
  rollout: rolloutNarrowingSchema.optional(),
});

/** A service: where its manifests are, and the pipeline that brings them to clusters. */
export const applicationSchema = documentSchema(
  'Application',
  z.strictObject({
    pipeline: nameSchema,
    source: z.strictObject({
      repository: nameSchema,
      path: templateOf(repositoryPathSchema),
      /** Shared inputs: a change there is a change of this application as well. */
      also: z.array(templateOf(repositoryPathSchema)).max(50).optional(),
    }),
    namespace: templateOf(nameSchema),
    render: renderSettingsSchema.optional(),
    /** Whom the agent acts as in the target's namespace; itself where nothing is said. */
    serviceAccount: serviceAccountSchema.optional(),
    sync: syncSettingsSchema.prefault({}),
    /** When objects of kinds that nobody else knows are well. */
    health: z.array(healthRuleSchema).max(50).optional(),
    /** Other applications that have to be in sync and well, in the same environment, before this one is changed. */
    dependsOn: z.array(dependencySchema).max(50).optional(),
    /** What is different in one environment, by its name. */
    in: z.record(nameSchema, inEnvironmentSchema).optional(),
  }),
);

export type ApplicationDocument = z.infer<typeof applicationSchema>;
