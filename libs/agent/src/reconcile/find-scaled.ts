import { objectId, type KubeObject } from '@flotilla/model';
import { scaledAmong } from '../apply/scaled-objects.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';

/**
 * Of the objects whose number of replicas is not the one in Git, those that an autoscaler targets. Mostly nobody is asked,
 * and of the same object once in a pass.
 */
export async function findScaled(
  { rendered, scaled: known }: TargetMemory,
  { live, cluster }: Pick<StepPorts, 'live' | 'cluster'>,
): Promise<ReadonlySet<string>> {
  const asked = (rendered?.objects ?? []).filter(({ key, object }) => {
    const [wanted, found] = [replicasOf(object), replicasOf(live.get(key)?.changed)];
    return wanted !== undefined && found !== undefined && wanted !== found && !known.has(objectId(key));
  });
  if (asked.length === 0) return known;
  const scaled = await scaledAmong(
    cluster,
    asked.map(({ key }) => key),
  );
  return new Set([...known, ...scaled.map(objectId)]);
}

function replicasOf(object: KubeObject | undefined): unknown {
  return (object?.spec as { readonly replicas?: unknown } | undefined)?.replicas;
}
