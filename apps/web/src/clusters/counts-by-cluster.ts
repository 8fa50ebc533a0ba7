import type { CountsView, TargetView } from '@flotilla/contracts';

/** The targets of each cluster in numbers, by its name: counted here, where every change of a target is heard. */
export function countsByCluster(targets: Iterable<TargetView>): ReadonlyMap<string, CountsView> {
  const found = new Map<string, { total: number; sync: Record<string, number>; health: Record<string, number> }>();
  for (const { spec, status } of targets) {
    const counts = found.get(spec.cluster) ?? { total: 0, sync: {}, health: {} };
    found.set(spec.cluster, counts);
    counts.total++;
    counts.sync[status.sync] = (counts.sync[status.sync] ?? 0) + 1;
    counts.health[status.health] = (counts.health[status.health] ?? 0) + 1;
  }
  return found;
}
