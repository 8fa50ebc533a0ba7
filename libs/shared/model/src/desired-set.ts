import { z } from 'zod';
import { actorTextMax } from './actor.ts';
import { wishedAgentSchema, type WishedAgent } from './agent-upgrade.ts';
import { allowedClusterKindShape, allowedKindShape } from './documents/allow-list.ts';
import { cascadeModes, takenOverTools } from './documents/application.ts';
import { driftModes } from './documents/drift-rule.ts';
import { healthRuleShape } from './documents/health-rule.ts';
import { ignoreRuleShape } from './documents/ignore-rule.ts';
import { namespaceMetadataShape } from './documents/namespace-metadata.ts';
import type { RenderSettings } from './documents/render-settings.ts';
import { entryWindowShape } from './documents/sync-windows.ts';
import { breakGlassShape, entryFreezeSchema, entryFreezeShape } from './freeze.ts';
import { commitSchema, nameSchema, uidSchema } from './names.ts';
import { labelsSchema } from './selector.ts';
import type { fenceSchema } from './fence.ts';

/**
 * An object whose unknown fields are kept: the digest of a set covers its entries as they were sent, by a control plane
 * that may be newer than we are.
 */
function keepingUnknown<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape> {
  return z.looseObject(shape);
}

/** What shall become of a target. Only an entry that says so removes one: a missing entry never deletes anything. */
export const targetIntents = ['run', 'orphan', 'delete'] as const;
/** Reads one of the words for what shall become of a target. */
export const targetIntentSchema = z.enum(targetIntents);
export type TargetIntent = z.infer<typeof targetIntentSchema>;

/**
 * How an entry says `run` when whoever runs it has to understand more than the first agents did. They do not know the
 * word, stop every write and say so, instead of running the target as if the rest of its entry were not there.
 */
const runIfUnderstood = 'run-if-understood';
export type EntryIntent = TargetIntent | typeof runIfUnderstood;

/** What an entry may need its agent to understand. Each later one stops the agents that do not know it in the same way. */
export const entryNeeds = [
  'render',
  'drift-rules',
  'depends-on',
  'service-account',
  'allow',
  'windows',
  'namespace-metadata',
  'freeze',
  'pin',
] as const;
export type EntryNeed = (typeof entryNeeds)[number];

/**
 * A word that a newer control plane may say otherwise. It is kept as it came, because the digest of the set covers it, and
 * so that one entry that is not understood keeps nobody from the others; `unknownWordOf` names it.
 */
function openWord<Word extends string>(words: readonly Word[]): z.ZodType<Word> {
  const known: readonly string[] = words;
  return z
    .string()
    .max(32)
    .describe(`one of ${known.join(', ')}`) as unknown as z.ZodType<Word>;
}

/** Somebody's order to stop every write to a target, until they lift it. */
export const suspensionSchema = keepingUnknown({
  by: z.string().max(actorTextMax),
  reason: z.string().max(1_000),
  since: z.string(),
});
export type Suspension = z.infer<typeof suspensionSchema>;

/** That a target is held at a release against what Git says: nothing is deleted meanwhile, and hooks run only if asked for. */
export const entryPinSchema = keepingUnknown({
  by: z.string().max(actorTextMax),
  reason: z.string().max(1_000),
  since: z.string().max(40),
  runHooks: z.boolean().optional(),
});
export type EntryPin = z.infer<typeof entryPinSchema>;

/** Where a target's manifests come from: one commit of one repository, and the paths to read there. */
export const entrySourceSchema = keepingUnknown({
  url: z.string().max(2_048),
  /** The Secret in the agent's namespace that holds the credential, when the repository needs one. */
  credential: nameSchema.optional(),
  revision: commitSchema,
  path: z.string().max(1_024),
  also: z.array(z.string().max(1_024)).max(50).default([]),
});
export type EntrySource = z.infer<typeof entrySourceSchema>;

const entrySyncSchema = keepingUnknown({
  prune: z.boolean(),
  drift: openWord(driftModes),
  driftRules: z
    .array(keepingUnknown({ ...ignoreRuleShape, mode: openWord(driftModes) }))
    .max(50)
    .optional(),
  adopt: z.boolean(),
  createNamespace: z.boolean(),
  namespace: keepingUnknown(namespaceMetadataShape).optional(),
  pruneAdopted: z.boolean().optional(),
  takeOverFrom: z.array(openWord(takenOverTools)).max(20).optional(),
  cascade: openWord(cascadeModes).optional(),
  ignore: z.array(keepingUnknown(ignoreRuleShape)).max(50).optional(),
  /** How long a wave or a hook is waited for; a duration such as `15m`. */
  deadline: z.string().max(32).optional(),
  /** How what failed is tried again. */
  retry: keepingUnknown({
    limit: z.int().min(0).optional(),
    backoff: keepingUnknown({
      duration: z.string().max(32).optional(),
      factor: z.int().min(1).optional(),
      maxDuration: z.string().max(32).optional(),
    }).optional(),
  }).optional(),
});

/** The settings as they were authored; one that a newer control plane knows besides them is kept, and needs another word. */
export const entryRenderSchema = keepingUnknown({
  with: z.string().max(32).optional(),
  helm: z.record(z.string(), z.unknown()).optional(),
  substitute: z.record(z.string(), z.string()).optional(),
}) as unknown as z.ZodType<RenderSettings>;

/** What may be rendered, as the project of the application says; anything where an entry holds no such list. */
const entryAllowSchema = keepingUnknown({
  namespaces: z.array(z.string().max(253)).max(200).optional(),
  kinds: z.array(keepingUnknown(allowedKindShape)).max(200).optional(),
  clusterKinds: z.array(keepingUnknown(allowedClusterKindShape)).max(200).optional(),
  podSecurity: z.boolean().optional(),
});
export type AllowList = z.infer<typeof entryAllowSchema>;

/** One target of a cluster's desired set: all that its agent has to know to run it. */
export const desiredEntrySchema = keepingUnknown({
  target: uidSchema,
  project: nameSchema,
  application: nameSchema,
  environment: nameSchema,
  /** The set generation in which this entry last changed; status that is reported for it names the same number. */
  generation: z.int().min(0),
  intent: openWord<EntryIntent>(targetIntents),
  needs: z.array(z.string().max(32)).max(32).optional(),
  release: uidSchema,
  sourceDigest: z.string().max(64),
  namespace: nameSchema,
  source: entrySourceSchema,
  sync: entrySyncSchema,
  /** The applications that have to be in sync and well here, in the same environment, before this target is changed. */
  dependsOn: z.array(nameSchema).max(50).optional(),
  /** How the files become manifests, for this environment. */
  render: entryRenderSchema.optional(),
  /** The labels of the cluster, where what is rendered may name them. */
  clusterLabels: labelsSchema.optional(),
  /** Whom the agent acts as, in the namespace of the target. Empty means nobody, and never the agent itself. */
  serviceAccount: z.string().max(253).optional(),
  allow: entryAllowSchema.optional(),
  health: z.array(keepingUnknown(healthRuleShape)).max(50).optional(),
  windows: z.array(keepingUnknown(entryWindowShape)).max(50).optional(),
  suspended: suspensionSchema.optional(),
  /** Who froze it: what runs is held, or nothing is written at all. Each ends by itself or by another entry. */
  frozen: z.array(keepingUnknown(entryFreezeShape)).max(20).optional(),
  /** What a person let pass every freeze. */
  breakGlass: keepingUnknown(breakGlassShape).optional(),
  pin: entryPinSchema.optional(),
  /** When it goes back by itself; an agent that does not know that stays where it is. */
  retreat: keepingUnknown({ after: z.string().max(32), within: z.string().max(32) }).optional(),
  /** The person who deleted the application, and was told then what goes: its objects are deleted without asking again. */
  deletedBy: z.string().max(actorTextMax).optional(),
  /** Moves when a person asks for a sync now; its value means nothing else. */
  syncRequest: z.string().max(64).optional(),
});
export type DesiredEntry = z.infer<typeof desiredEntrySchema>;

/** An entry as an agent tells what it holds: by name, by the digest of its content, and with the order it carries. */
export const heldEntrySchema = z.object({
  target: uidSchema,
  project: nameSchema,
  application: nameSchema,
  environment: nameSchema,
  content: z.string().length(64),
  suspended: suspensionSchema.optional(),
  frozen: z.array(entryFreezeSchema).max(20).optional(),
});
export type HeldEntry = z.infer<typeof heldEntrySchema>;

/** Everything one cluster shall run. */
export interface DesiredSet {
  readonly fence: z.infer<typeof fenceSchema>;
  readonly entries: readonly DesiredEntry[];
  /** The agent that it shall run from now on, while one is wished. */
  readonly agent?: WishedAgent | undefined;
}

/** What turns one version of a cluster's set into the next. `previous` 0 carries the whole set. */
export const setChangeSchema = z.object({
  cluster: uidSchema,
  epoch: z.int().min(0),
  generation: z.int().min(1),
  previous: z.int().min(0),
  entries: z.array(desiredEntrySchema).max(20_000),
  /** Targets that are confirmed gone and leave the set. */
  gone: z.array(uidSchema).max(20_000).default([]),
  /** Digest of the set that results, so that a wrong merge is seen at once. */
  setDigest: z.string().length(64),
  /** Whole in each change, for as long as it is wished. One that cannot be understood keeps nobody from the entries. */
  agent: wishedAgentSchema.optional().catch(undefined),
});
export type SetChange = z.infer<typeof setChangeSchema>;

/** The entries that result from a change. */
export function mergeEntries(current: readonly DesiredEntry[], change: SetChange): DesiredEntry[] {
  const merged = new Map(change.previous === 0 ? [] : current.map((entry) => [entry.target, entry]));
  for (const target of change.gone) merged.delete(target);
  for (const entry of change.entries) merged.set(entry.target, entry);
  return [...merged.values()];
}

/** What shall become of the target of an entry, however it is said. */
export function intentOf({ intent }: Pick<DesiredEntry, 'intent'>): TargetIntent {
  return intent === runIfUnderstood ? 'run' : intent;
}

/** The word of an entry that is not known here, as a newer control plane may send one. Such an entry is not acted on. */
export function unknownWordOf(entry: Pick<DesiredEntry, 'intent' | 'needs' | 'sync'>): string | undefined {
  const { needs = [], sync } = entry;
  const intent = intentOf(entry);
  if (!targetIntents.includes(intent)) return intent;
  const modes = [sync.drift, ...(sync.driftRules ?? []).map(({ mode }) => mode)];
  const mode = modes.find((each) => !driftModes.includes(each));
  if (mode !== undefined) return mode;
  if (sync.cascade !== undefined && !cascadeModes.includes(sync.cascade)) return sync.cascade;
  const tool = sync.takeOverFrom?.find((one) => !takenOverTools.includes(one));
  if (tool !== undefined) return tool;
  const known: readonly string[] = entryNeeds;
  return needs.find((need) => !known.includes(need));
}

/** What an entry says when it can only be run by who understands all of these; nothing special when there are none. */
export function runIntent(needs: readonly EntryNeed[]): Pick<DesiredEntry, 'intent' | 'needs'> {
  return needs.length === 0 ? { intent: 'run' } : { intent: runIfUnderstood, needs: [...needs] };
}

/** A target as people name it: `shop/checkout in production`. */
export function targetTitle(entry: Pick<DesiredEntry, 'project' | 'application' | 'environment'>): string {
  return `${entry.project}/${entry.application} in ${entry.environment}`;
}
