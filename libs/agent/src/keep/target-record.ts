import { z } from 'zod';
import {
  entryRenderSchema,
  entrySourceSchema,
  labelsSchema,
  type FieldsV1,
  type KubeObject,
  type ObjectKey,
} from '@flotilla/model';
import { phases } from '@flotilla/workload-manifests';
import { packText, unpackText } from './packed-text.ts';
import { sharedFields } from './shared-fields.ts';

/** One object that a target owns, or is about to own. */
export interface InventoryItem {
  readonly key: ObjectKey;
  readonly apiVersion: string;
  /** Absent between the moment we wrote down that we would make it and the moment we knew that it was there. */
  readonly uid?: string | undefined;
  /** It is being made again: it had gone, so that it may be there under another uid, or Git wants it otherwise by now. */
  readonly making?: boolean | undefined;
  /** Digest of the manifest that was applied last; without a uid, of the one that it is to be made from. */
  readonly manifest?: string | undefined;
  /** The fields that we owned after that, and a digest of them with their values. */
  readonly fields?: FieldsV1 | undefined;
  readonly owned?: string | undefined;
  /** It was there before us and was taken over. */
  readonly adopted?: boolean | undefined;
  /** It was made to run a hook: it is compared with nothing, and made anew for each run. */
  readonly hook?: boolean | undefined;
}

const fieldsSchema: z.ZodType<FieldsV1> = z.lazy(() => z.record(z.string(), fieldsSchema));

const keySchema = z.object({
  group: z.string(),
  kind: z.string(),
  namespace: z.string().optional(),
  name: z.string(),
});

const inventoryItemSchema = z.object({
  key: keySchema,
  apiVersion: z.string(),
  uid: z.string().optional(),
  making: z.boolean().optional(),
  manifest: z.string().optional(),
  fields: fieldsSchema.optional(),
  owned: z.string().optional(),
  adopted: z.boolean().optional(),
  hook: z.boolean().optional(),
});

/** The files of one source digest as they were received, so that a target can be rendered again without Git. */
const bundleSchema = z.object({
  sourceDigest: z.string(),
  source: entrySourceSchema,
  /** How they become manifests, and what the labels of the cluster were, where those may be named. */
  render: entryRenderSchema.optional(),
  clusterLabels: labelsSchema.optional(),
  files: z.array(z.object({ path: z.string(), content: z.base64() })),
  /** The release that brought it, and what it rendered to when it was applied in full. */
  release: z.string().optional(),
  renderDigest: z.string().optional(),
  /** It ran here and everything was well: worth going back to. */
  good: z.boolean().optional(),
});

export type Bundle = z.infer<typeof bundleSchema>;

/** What is applied now, all of it, and since when. */
const runningSchema = z.object({
  sourceDigest: z.string(),
  release: z.string(),
  revision: z.string(),
  renderDigest: z.string(),
  appliedAt: z.string(),
  /** The images that it names. */
  images: z.array(z.string()).optional(),
  /** The request of a person that was carried out last. */
  syncRequest: z.string().optional(),
});

/** One run of a hook: written before it is begun, known by its uid once it was, and ended once. */
const hookRunSchema = z.object({
  key: keySchema,
  phase: z.enum([...phases, 'PostDelete']),
  startedAt: z.string(),
  uid: z.string().optional(),
  ended: z.enum(['succeeded', 'failed']).optional(),
  /** Why it failed, or cannot be begun. */
  why: z.string().optional(),
});

/** A run before a deletion. */
const runBeforeDeleteSchema = hookRunSchema.extend({ phase: z.literal('PreDelete') });

export type HookRun = z.infer<typeof hookRunSchema> | z.infer<typeof runBeforeDeleteSchema>;

/** The hooks of the sync that is under way, or was the last one. */
const hookRecordSchema = z.object({
  /** Names the sync: each hook runs once for each. */
  sync: z.string(),
  kind: z.enum(['install', 'upgrade']),
  runs: z.array(hookRunSchema),
});

export type HookRecord = z.infer<typeof hookRecordSchema>;

/** A sync that is under way and may outlast its window: of which order, since when, and whether a person asked for it. */
const begunSyncSchema = z.object({ order: z.string(), at: z.string(), manual: z.boolean().optional() });

export type BegunSync = z.infer<typeof begunSyncSchema>;

/** The namespace on which labels and annotations of ours stand, and what they were when they were laid there last. */
const keptNamespaceSchema = z.object({
  name: z.string(),
  manifest: z.string().optional(),
  fields: fieldsSchema.optional(),
});

export type KeptNamespace = z.infer<typeof keptNamespaceSchema>;

/** That a target went back by itself while nobody heard its agent: from what, to which held bundle, when and why. */
const retreatSchema = z.object({
  from: z.object({ release: z.string(), sourceDigest: z.string(), revision: z.string() }),
  to: z.string(),
  at: z.string(),
  why: z.string(),
  /** The request of a person that was open then: a newer one ends it. */
  syncRequest: z.string().optional(),
  /** Something else was ordered since. */
  ended: z.boolean().optional(),
});

export type Retreat = z.infer<typeof retreatSchema>;

/** An object as it is to be made. */
const heldObjectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string() }),
}) as unknown as z.ZodType<KubeObject>;

const heldHookSchema = z.object({ key: keySchema, object: heldObjectSchema });

export const targetRecordSchema = z.object({
  version: z.literal(1),
  target: z.string(),
  title: z.string(),
  inventory: z.array(inventoryItemSchema),
  running: runningSchema.optional(),
  hooks: hookRecordSchema.optional(),
  keptNamespace: keptNamespaceSchema.optional(),
  begun: begunSyncSchema.optional(),
  retreat: retreatSchema.optional(),
  /** What is to be run when all of this was deleted: the files that say so may be gone by then. */
  afterDelete: z.array(heldHookSchema).optional(),
  /** The same for what is to be run before any of this is deleted, and once the target leaves what became of it. */
  beforeDelete: z
    .object({
      hooks: z.array(heldHookSchema),
      sync: z.string().optional(),
      runs: z.array(runBeforeDeleteSchema),
      /** How often the target was wanted again after they had begun: what was made for those times is no run of the next. */
      returns: z.int().optional(),
    })
    .optional(),
  /** Newest first: the one that is about to run, the one that runs, and the last two that were good. */
  bundles: z.array(bundleSchema),
});

/** Everything that the agent remembers of one target, in one Secret of the cluster. */
export interface TargetRecord extends Omit<z.infer<typeof targetRecordSchema>, 'inventory'> {
  readonly inventory: readonly InventoryItem[];
}

/** The files of what an entry wants; none where they are not here. */
export function filesOf({ bundles }: Pick<TargetRecord, 'bundles'>, sourceDigest: string): Bundle['files'] {
  return bundles.find((bundle) => bundle.sourceDigest === sourceDigest)?.files ?? [];
}

/** How many good bundles are kept besides the newest and the one that runs. */
const goodBundlesMax = 2;

export function emptyRecord(target: string, title: string): TargetRecord {
  return { version: 1, target, title, inventory: [], bundles: [] };
}

/** The record as the bytes that are kept. */
export function packRecord(record: TargetRecord): string {
  return packText(JSON.stringify(record));
}

/** Reads what was kept; throws when it is not a record that this version understands. */
export function unpackRecord(packed: string): TargetRecord {
  const record = targetRecordSchema.parse(JSON.parse(unpackText(packed)));
  return { ...record, inventory: record.inventory.map(withSharedFields) };
}

function withSharedFields(item: InventoryItem): InventoryItem {
  return item.fields ? { ...item, fields: sharedFields(item.fields) } : item;
}

/**
 * Puts a bundle first and drops those that nobody will go back to. The one that runs stays, and so do the last two good
 * ones: any number of bad commits in a row must not push them out. `runsWell` says whether what runs is good.
 */
export function withBundle(before: TargetRecord, bundle: Bundle, runsWell: boolean): TargetRecord {
  const record = runsWell ? withRunningBundle(before, { good: true }) : before;
  const isRunning = ({ sourceDigest }: Bundle) => sourceDigest === record.running?.sourceDigest;
  const others = record.bundles.filter(({ sourceDigest }) => sourceDigest !== bundle.sourceDigest);
  const good = others.filter((other) => other.good && !isRunning(other));
  return { ...record, bundles: [bundle, ...others.filter(isRunning), ...good.slice(0, goodBundlesMax)] };
}

/** Changes what is known of the bundle that runs. */
export function withRunningBundle(record: TargetRecord, known: Partial<Bundle>): TargetRecord {
  const bundles = record.bundles.map((bundle) =>
    bundle.sourceDigest === record.running?.sourceDigest ? { ...bundle, ...known } : bundle,
  );
  return { ...record, bundles };
}

/** How much of the record has to be kept, whatever it takes: the bundle that is about to run and the one that runs. */
export function neededBundles({ bundles, running }: TargetRecord): number {
  return bundles.findLastIndex(({ sourceDigest }, index) => index === 0 || sourceDigest === running?.sourceDigest) + 1;
}
