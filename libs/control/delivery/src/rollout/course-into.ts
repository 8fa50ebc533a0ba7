import type { ClusterFacts, DeliveryFacts, ReleaseFacts, RolloutSettings, StageFacts } from '../facts.ts';
import { freezeRollout } from './freeze-rollout.ts';
import type { FrozenRollout } from './rollout-course.ts';

/** How a release goes into an environment over these clusters. What mends Git after a rollback asks no gate of a wave. */
export function courseInto(
  { environment, rollout: { strategy, narrowing } }: Pick<StageFacts, 'environment'> & { rollout: RolloutSettings },
  { digests }: Pick<ReleaseFacts, 'digests'>,
  { targets, clusters }: Pick<DeliveryFacts, 'targets'> & { readonly clusters: readonly ClusterFacts[] },
): FrozenRollout {
  const course = freezeRollout(strategy, narrowing, clusters);
  const isRepair = targets.some(
    ({ environment: where, pin }) => where === environment && pin?.content.sourceDigest === digests[environment],
  );
  return isRepair ? { ...course, waves: course.waves.map(({ gates: _, ...wave }) => wave) } : course;
}
