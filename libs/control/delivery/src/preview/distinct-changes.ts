import { canonicalJson } from '@flotilla/foundation';
import { intentOf, type DesiredEntry } from '@flotilla/model';
import type { ClusterFacts, DeliveryFacts } from '../facts.ts';
import type { TargetChange } from '../plan/delivery-plan.ts';
import { runningEntry } from '../plan/plan-targets.ts';

/** One change of what runs, and every cluster that it would be the same for. */
export interface DistinctChange {
  readonly application: string;
  readonly environment: string;
  /** The commit that is ordered now; absent where nothing runs yet. */
  readonly from?: string | undefined;
  readonly to: string;
  readonly moves: readonly ChangeMove[];
}

/** One target of a change, as it would be ordered. */
export interface ChangeMove {
  readonly cluster: Pick<ClusterFacts, 'uid' | 'name'>;
  readonly entry: DesiredEntry;
}

/**
 * The changes of a plan, each once, those of most clusters first. Alike are those that lead from the same inputs to the
 * same inputs; what a cluster fills in from its own labels is for its agent to say. What changes no input is left out.
 */
export function distinctChanges(
  changes: readonly TargetChange[],
  { application, clusters, targets }: DeliveryFacts,
): readonly DistinctChange[] {
  const named = new Map(clusters.map((cluster) => [cluster.uid, cluster]));
  const standing = new Map(targets.map((target) => [target.uid, target]));
  const found = new Map<string, DistinctChange>();
  for (const { uid, cluster: clusterUid, environment, entry } of changes) {
    const before = runningEntry(standing.get(uid));
    const cluster = named.get(clusterUid);
    const [from, to] = [before && inputsOf(before), inputsOf(entry)];
    if (!cluster || intentOf(entry) !== 'run' || from === to) continue;
    const key = canonicalJson([environment, from ?? '', to]);
    const known = found.get(key);
    const move = { cluster: { uid: cluster.uid, name: cluster.name }, entry: { ...entry, generation: 0 } };
    const place = { application: application.name, environment, from: before?.source.revision };
    found.set(key, { ...place, to: entry.source.revision, moves: [...(known?.moves ?? []), move] });
  }
  return [...found.values()].toSorted((left, right) => right.moves.length - left.moves.length);
}

/** What decides what an agent makes of an entry, but for its cluster. The commit alone decides nothing. */
function inputsOf({ sourceDigest, source, render, namespace, sync }: Omit<DesiredEntry, 'generation'>): string {
  const { url, path, also } = source;
  return canonicalJson({
    sourceDigest,
    url,
    path,
    also,
    render: render ?? null,
    namespace,
    takesOver: sync.takeOverFrom ?? [],
  });
}
