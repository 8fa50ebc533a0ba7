import { objectTitle, type KubeObject, type Reason } from '@flotilla/model';
import { isLess } from '@flotilla/workload-manifests';
import type { SeenObject } from '../orders/look-at-objects.ts';

/** Claims that would ask for less room than they have: no volume shrinks. */
export function claimWarnings(seen: readonly SeenObject[]): Reason[] {
  return seen.flatMap(({ desired: { key, object }, live }) => {
    const [has, wants] = [roomOf(live), roomOf(object)];
    if (key.kind !== 'PersistentVolumeClaim' || !isLess(wants, has)) return [];
    const message = `${objectTitle(key)}: it asks for ${String(has)} and would ask for ${String(wants)}, and no claim shrinks: the API server refuses that; keep its size in Git, or move the data to another claim`;
    return [{ code: 'ClaimShrinks', message }];
  });
}

function roomOf(claim: KubeObject | undefined): unknown {
  const spec = claim?.spec as { resources?: { requests?: { storage?: unknown } } } | undefined;
  return spec?.resources?.requests?.storage;
}
