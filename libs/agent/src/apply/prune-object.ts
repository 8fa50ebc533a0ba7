import type { CascadeMode, KubeObject } from '@flotilla/model';
import { isDeletionConfirmed, isKeptWhenAllGoes, isNeverDeleted } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { liveObject } from '../live/live-object.ts';
import { applySet, fieldManager, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { isProvenOurs, isSuspended } from './ownership.ts';

/**
 * What became of an object that is no longer wanted. `lost`: it is not ours any more. `kept`: a person or Git said that
 * it is never deleted, or it was there before us. One that waits stays in the inventory, and says what for.
 */
export type Pruned =
  | { readonly kind: 'gone' | 'lost' | 'kept' }
  | { readonly kind: 'waiting'; readonly forWhat: string };

export interface PruneObjectOptions {
  readonly target: string;
  /** Asked right before the delete goes out: an order that came meanwhile may want the object. */
  readonly isStillMeant: () => boolean;
  /** What becomes of the objects that this one owns. */
  readonly cascade?: CascadeMode | undefined;
  /** A person approved that exactly this one goes. */
  readonly isApproved?: boolean | undefined;
  /** Its whole target goes, not it alone. */
  readonly allGoes?: boolean | undefined;
  /** What was there before us goes as well. */
  readonly pruneAdopted?: boolean | undefined;
}

/**
 * Deletes one object of ours. It is read first, fresh from the API server, and deleted under its uid: a stale watch, a
 * copied label or a name that was taken over can never make us delete what we did not make.
 */
export async function pruneObject(
  cluster: ClusterApi,
  item: InventoryItem,
  options: PruneObjectOptions,
): Promise<Pruned> {
  const { target, isStillMeant, cascade } = options;
  const there = await cluster.get(item.key);
  if (!there) return { kind: 'gone' };
  if (!isProvenOurs({ target, item, live: liveObject(there) })) return { kind: 'lost' };
  if (isSuspended(there)) return waiting('a person suspended it');
  if (isToStay(item, there, options)) {
    return (await letGo(cluster, item, there)) ? { kind: 'kept' } : waiting('somebody wrote it in this very moment');
  }
  if (there.metadata.deletionTimestamp) return waiting(holdOn(there));
  if (isDeletionConfirmed(there) && !options.isApproved)
    return waiting('it says of itself that a person confirms its deletion');
  if (!isStillMeant()) return waiting('an order came that may want it');
  const deleted = await cluster.delete(item.key, { uid: there.metadata.uid!, ...(cascade && { cascade }) });
  if (deleted === 'replaced') return { kind: 'lost' };
  return deleted === 'pending' ? waiting(holdOn(there)) : { kind: 'gone' };
}

function isToStay(item: InventoryItem, there: KubeObject, { allGoes, pruneAdopted }: PruneObjectOptions): boolean {
  if (item.adopted && !pruneAdopted) return true;
  return isNeverDeleted(there) || (allGoes === true && isKeptWhenAllGoes(there));
}

/** Finalizers are never taken off by us: whoever put one there is not done yet. */
function holdOn({ metadata: { finalizers = [] } }: KubeObject): string {
  const holders = finalizers.length > 0 ? ` by ${finalizers.join(', ')}` : '';
  return `it was told to go and is held${holders}`;
}

function waiting(forWhat: string): Pruned {
  return { kind: 'waiting', forWhat };
}

/**
 * Leaves an object where it is and takes our marks off it, so that nobody mistakes it for ours. False when that has to
 * wait: a person suspended it, or it is another one than a moment ago.
 */
export async function letGo(cluster: ClusterApi, item: InventoryItem, there: KubeObject): Promise<boolean> {
  if (isSuspended(there)) return false;
  const labels = { [marks.target]: null, [applySet.partOf]: null };
  const others = there.metadata.managedFields?.filter(({ manager }) => manager !== fieldManager) ?? [];
  // An empty list would be taken for "not named" and leave our entry; one empty entry is how the API server is told.
  const managedFields = others.length > 0 ? others : [{}];
  const { uid, resourceVersion } = there.metadata;
  const patched = await cluster.mergePatch(item.key, { metadata: { uid, resourceVersion, labels, managedFields } });
  return patched !== undefined;
}
