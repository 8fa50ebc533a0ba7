import type { ObjectDiff } from '@flotilla/contracts';
import { objectId, objectTitle } from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { TargetMemory } from '../reconcile/target-memory.ts';
import { lookAtObjects, objectsMax, type SeenObject } from './look-at-objects.ts';

/** What all objects of one answer may say; those that come after say how many of their fields differ. */
const charactersMax = 500_000;

/** How what is rendered differs from the cluster, object by object. Secrets are masked here, before anything leaves. */
export async function tellDiff(cluster: ClusterApi, memory: TargetMemory): Promise<ObjectDiff[]> {
  const seen = await lookAtObjects(cluster, memory, { toleratesRefusals: false });
  return diffText(seen, leftoversOf(memory));
}

/** Ours, and not wanted. A hook is wanted at its time. */
export function leftoversOf({ record, rendered }: TargetMemory): readonly InventoryItem[] {
  const wanted = [...(rendered?.objects ?? []), ...(rendered?.hooks ?? [])];
  const ids = new Set(wanted.map(({ key }) => objectId(key)));
  return record.inventory.filter(({ key }) => !ids.has(objectId(key)));
}

/** What an answer says of objects that were looked at, and of those that only the cluster has. */
export function diffText(seen: readonly SeenObject[], leftovers: readonly InventoryItem[]): ObjectDiff[] {
  const diffs = seen.flatMap(({ diff }) => diff ?? []);
  const deletions = leftovers.map(({ key }) => ({ object: objectTitle(key), change: 'delete' as const, fields: [] }));
  return [...bounded(diffs), ...deletions.slice(0, objectsMax)];
}

/** An answer has an end: what no longer fits is counted. */
function bounded(diffs: readonly ObjectDiff[]): ObjectDiff[] {
  let left = charactersMax;
  return diffs.map((diff) => {
    left -= JSON.stringify(diff).length;
    if (left >= 0) return diff;
    const { object, change, fields, more = 0 } = diff;
    return { object, change, fields: [], ...(change === 'update' && { more: more + fields.length }) };
  });
}
