import { z } from 'zod';
import { wishedAgentSchema, type WishedAgent } from './agent-upgrade.ts';
import { driftModes } from './documents/application.ts';
import { ignoreRuleShape } from './documents/ignore-rule.ts';
import { commitSchema, nameSchema, uidSchema } from './names.ts';
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
  by: z.string().max(200),
  reason: z.string().max(1_000),
  since: z.string(),
});
export type Suspension = z.infer<typeof suspensionSchema>;

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
  adopt: z.boolean(),
  createNamespace: z.boolean(),
  ignore: z.array(keepingUnknown(ignoreRuleShape)).max(50).optional(),
});

/** One target of a cluster's desired set: all that its agent has to know to run it. */
export const desiredEntrySchema = keepingUnknown({
  target: uidSchema,
  project: nameSchema,
  application: nameSchema,
  environment: nameSchema,
  /** The set generation in which this entry last changed; status that is reported for it names the same number. */
  generation: z.int().min(0),
  intent: openWord(targetIntents),
  release: uidSchema,
  sourceDigest: z.string().max(64),
  namespace: nameSchema,
  source: entrySourceSchema,
  sync: entrySyncSchema,
  suspended: suspensionSchema.optional(),
  /** The person who deleted the application, and was told then what goes: its objects are deleted without asking again. */
  deletedBy: z.string().max(200).optional(),
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

/** The word of an entry that is not known here, as a newer control plane may send one. Such an entry is not acted on. */
export function unknownWordOf({ intent, sync }: Pick<DesiredEntry, 'intent' | 'sync'>): string | undefined {
  if (!targetIntents.includes(intent)) return intent;
  return driftModes.includes(sync.drift) ? undefined : sync.drift;
}

/** A target as people name it: `shop/checkout in production`. */
export function targetTitle(entry: Pick<DesiredEntry, 'project' | 'application' | 'environment'>): string {
  return `${entry.project}/${entry.application} in ${entry.environment}`;
}
