import type { KubeObject } from '@flotilla/model';
import { isNeverDeleted } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { liveObject } from '../live/live-object.ts';
import { fieldManager, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { isProvenOurs } from './ownership.ts';

/**
 * What became of an object that is no longer wanted. `pending`: asked to go, finalizers hold it. `held`: a person
 * suspended it or wrote it at this very moment, or an order came that may want it. `lost`: it is not ours any more. `kept`: a person or Git said that it is
 * never deleted, or it was there before us. Only `pending` and `held` stay in the inventory.
 */
export type Pruned = 'gone' | 'pending' | 'held' | 'lost' | 'kept';

export interface PruneObjectOptions {
  readonly target: string;
  /** Asked right before the delete goes out: an order that came meanwhile may want the object. */
  readonly isStillMeant: () => boolean;
}

/**
 * Deletes one object of ours. It is read first, fresh from the API server, and deleted under its uid: a stale watch, a
 * copied label or a name that was taken over can never make us delete what we did not make.
 */
export async function pruneObject(
  cluster: ClusterApi,
  item: InventoryItem,
  { target, isStillMeant }: PruneObjectOptions,
): Promise<Pruned> {
  const there = await cluster.get(item.key);
  if (!there) return 'gone';
  if (!isProvenOurs({ target, item, live: liveObject(there) })) return 'lost';
  if (isSuspended(there)) return 'held';
  if (item.adopted || isNeverDeleted(there)) {
    return (await letGo(cluster, item, there)) ? 'kept' : 'held';
  }
  if (there.metadata.deletionTimestamp) return 'pending';
  if (!isStillMeant()) return 'held';
  const deleted = await cluster.delete(item.key, { uid: there.metadata.uid! });
  if (deleted === 'replaced') return 'lost';
  return deleted === 'pending' ? 'pending' : 'gone';
}

/**
 * Leaves an object where it is and takes our marks off it, so that nobody mistakes it for ours. False when that has to
 * wait: a person suspended it, or it is another one than a moment ago.
 */
export async function letGo(cluster: ClusterApi, item: InventoryItem, there: KubeObject): Promise<boolean> {
  if (isSuspended(there)) return false;
  const labels = { [marks.target]: null, 'applyset.kubernetes.io/part-of': null };
  const others = there.metadata.managedFields?.filter(({ manager }) => manager !== fieldManager) ?? [];
  // An empty list would be taken for "not named" and leave our entry; one empty entry is how the API server is told.
  const managedFields = others.length > 0 ? others : [{}];
  const { uid, resourceVersion } = there.metadata;
  const patched = await cluster.mergePatch(item.key, { metadata: { uid, resourceVersion, labels, managedFields } });
  return patched !== undefined;
}

function isSuspended({ metadata }: KubeObject): boolean {
  return metadata.annotations?.[marks.suspend] !== undefined;
}
