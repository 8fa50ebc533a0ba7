import { equalValues } from '../../fields/values.ts';
import { apiTime, metadataOf, storeKey, withMetadata } from '../../objects/metadata.ts';
import { conflict, notFound } from '../../problems/status-fault.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import type { DeleteOptions } from '../read-delete-options.ts';
import type { ServedResource } from '../served-resource.ts';

export interface Deletion {
  readonly cluster: Cluster;
  readonly resource: ServedResource;
  readonly namespace: string;
  readonly name: string;
  readonly options: DeleteOptions;
}

export interface Deleted {
  /** The object as it is now, or was last. */
  readonly object: JsonObject;
  /** Whether it is gone; else it waits for its finalizers or its time to end. */
  readonly isGone: boolean;
}

/** Deletes an object, or marks it when finalizers or a grace period hold it. */
export function deleteObject(deletion: Deletion): Deleted {
  const { cluster, resource, namespace, name, options } = deletion;
  const store = cluster.store(resource);
  const key = storeKey(namespace, name);
  const existing = store.get(key);
  if (!existing) throw notFound(resource, name);
  checkPreconditions(deletion, existing);

  const { startDeletion, mayEnd } = resource.rules;
  if (startDeletion && metadataOf(existing).deletionTimestamp === undefined) {
    const begun = startDeletion(withFinalizers(existing, finalizersAfter(deletion, existing)), cluster.time());
    return { object: options.dryRun ? begun : store.put(key, begun), isGone: false };
  }
  if (mayEnd && !mayEnd(existing)) return { object: existing, isGone: false };

  const marked = mark(deletion, existing);
  if (marked === 'pending') return { object: existing, isGone: false };
  const { finalizers = [], deletionGracePeriodSeconds = 0 } = metadataOf(marked);
  const isHeld = finalizers.length > 0 || deletionGracePeriodSeconds > 0;
  // Kinds that need time to end are marked even when they get none, as watchers can tell.
  const isMarked = (isHeld || resource.rules.graceSeconds !== undefined) && !equalValues(marked, existing);
  const stored = isMarked && !options.dryRun ? store.put(key, marked) : marked;
  if (isHeld || options.dryRun) return { object: stored, isGone: !isHeld };
  return { object: store.remove(key), isGone: true };
}

function checkPreconditions({ resource, name, options }: Deletion, existing: JsonObject): void {
  const { uid, resourceVersion } = options.preconditions;
  const found = metadataOf(existing);
  const kind = { group: resource.group, plural: resource.kind };
  if (uid !== undefined && uid !== found.uid) {
    const why = `the UID in the precondition (${uid}) does not match the UID in record (${found.uid}). The object might have been deleted and then recreated`;
    throw conflict(kind, name, why);
  }
  if (resourceVersion !== undefined && resourceVersion !== found.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${found.resourceVersion}). The object might have been modified`;
    throw conflict(kind, name, why);
  }
}

/** The object as the deletion leaves it, were it to stay; `pending` when an earlier deletion already says it all. */
function mark(deletion: Deletion, existing: JsonObject): JsonObject | 'pending' {
  const graceful = markGraceful(deletion, existing);
  if (graceful === 'pending') return 'pending';
  const finalizers = finalizersAfter(deletion, existing);
  const object = withFinalizers(graceful ?? existing, finalizers);
  return graceful || finalizers.length === 0 ? object : markDeleting(deletion, object);
}

function withFinalizers(object: JsonObject, finalizers: readonly string[]): JsonObject {
  return withMetadata(object, { finalizers: finalizers.length > 0 ? finalizers : undefined });
}

/** Kinds that need time to end get it once; a later deletion may only shorten it. */
function markGraceful(
  { cluster, resource, options }: Deletion,
  existing: JsonObject,
): JsonObject | 'pending' | undefined {
  const { graceSeconds } = resource.rules;
  if (!graceSeconds) return undefined;
  const metadata = metadataOf(existing);
  const now = cluster.clock.now();
  if (metadata.deletionTimestamp === undefined) {
    const seconds = graceSeconds(existing, options.gracePeriodSeconds);
    return withMetadata(existing, {
      deletionTimestamp: apiTime(now + seconds * 1000),
      deletionGracePeriodSeconds: seconds,
      ...(metadata.generation && { generation: metadata.generation + 1 }),
    });
  }
  const before = metadata.deletionGracePeriodSeconds ?? 0;
  const wanted = options.gracePeriodSeconds;
  if (before === 0) return undefined;
  if (wanted === undefined || wanted >= before) return 'pending';
  const earlier = Date.parse(metadata.deletionTimestamp) - (before - wanted) * 1000;
  return withMetadata(existing, {
    deletionTimestamp: apiTime(Math.max(earlier, now)),
    deletionGracePeriodSeconds: earlier < now && wanted !== 0 ? 1 : wanted,
  });
}

/** The garbage collector is asked for its work by two finalizers. */
function finalizersAfter({ resource, options }: Deletion, existing: JsonObject): readonly string[] {
  const finalizers = metadataOf(existing).finalizers ?? [];
  if (resource.rules.isGarbageCollected === false) return finalizers;
  const others = finalizers.filter((name) => name !== 'orphan' && name !== 'foregroundDeletion');
  const asked = askedFinalizer(options, finalizers) ?? (resource.rules.orphansByDefault ? 'orphan' : undefined);
  return asked === undefined || asked === 'none' ? others : [...others, asked];
}

function askedFinalizer(
  { orphanDependents, propagationPolicy }: DeleteOptions,
  finalizers: readonly string[],
): 'orphan' | 'foregroundDeletion' | 'none' | undefined {
  if (orphanDependents !== undefined) return orphanDependents ? 'orphan' : 'none';
  switch (propagationPolicy) {
    case 'Orphan':
      return 'orphan';
    case 'Foreground':
      return 'foregroundDeletion';
    case 'Background':
      return 'none';
    default:
      return finalizers.find((name) => name === 'orphan' || name === 'foregroundDeletion');
  }
}

function markDeleting({ cluster }: Deletion, object: JsonObject): JsonObject {
  const { deletionTimestamp, generation } = metadataOf(object);
  const now = cluster.clock.now();
  const isLater = deletionTimestamp !== undefined && Date.parse(deletionTimestamp) > now;
  return withMetadata(object, {
    deletionTimestamp: deletionTimestamp === undefined || isLater ? apiTime(now) : deletionTimestamp,
    deletionGracePeriodSeconds: 0,
    ...(deletionTimestamp === undefined && generation && { generation: generation + 1 }),
  });
}
