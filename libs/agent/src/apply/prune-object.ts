import type { KubeObject } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import { fieldManager, marks } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/**
 * What became of an object that is no longer wanted. `pending`: asked to go, finalizers hold it. `lost`: it is not ours
 * any more. `kept`: a person or Git said that it is never deleted, or it was there before us. Only `pending` stays in
 * the inventory.
 */
export type Pruned = 'gone' | 'pending' | 'lost' | 'kept';

/**
 * Deletes one object of ours. It is read first, fresh from the API server, and deleted under its uid: a stale watch, a
 * copied label or a name that was taken over can never make us delete what we did not make.
 */
export async function pruneObject(cluster: ClusterApi, item: InventoryItem): Promise<Pruned> {
  const there = await cluster.get(item.key);
  if (!there) return 'gone';
  if (!isProvenOurs(item, there)) return 'lost';
  if (item.adopted || there.metadata.annotations?.[marks.prune] === 'false') {
    await letGo(cluster, item, there);
    return 'kept';
  }
  if (there.metadata.deletionTimestamp) return 'pending';
  const deleted = await cluster.delete(item.key, { uid: there.metadata.uid! });
  if (deleted === 'replaced') return 'lost';
  return deleted === 'pending' ? 'pending' : 'gone';
}

/** Leaves an object where it is and takes our marks off it, so that nobody mistakes it for ours. */
export async function letGo(cluster: ClusterApi, item: InventoryItem, there: KubeObject): Promise<void> {
  const labels = { [marks.target]: null, 'applyset.kubernetes.io/part-of': null };
  const managedFields = there.metadata.managedFields?.filter(({ manager }) => manager !== fieldManager);
  const { uid, resourceVersion } = there.metadata;
  await cluster.mergePatch(item.key, {
    metadata: { uid, resourceVersion, labels, ...(managedFields && { managedFields }) },
  });
}

/** The same uid, and our field manager still on it. */
export function isProvenOurs(item: InventoryItem, there: KubeObject): boolean {
  const managed = there.metadata.managedFields?.some(
    ({ manager, operation }) => manager === fieldManager && operation === 'Apply',
  );
  return item.uid !== undefined && item.uid === there.metadata.uid && managed === true;
}
