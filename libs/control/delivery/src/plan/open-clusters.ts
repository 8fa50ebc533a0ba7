import { intentOf } from '@flotilla/model';
import type { ClusterFacts, DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';
import { stageClusters } from './stage-clusters.ts';

/** Those that may take a release. Who is held is passed by, unless what enters is what he is held at. */
export function openClusters(
  stage: StageFacts,
  { digests }: Pick<ReleaseFacts, 'digests'>,
  facts: Pick<DeliveryFacts, 'clusters' | 'targets'>,
): readonly ClusterFacts[] {
  const { environment } = stage;
  const held = facts.targets.filter(
    ({ environment: where, pin }) => where === environment && pin && pin.content.sourceDigest !== digests[environment],
  );
  const passedBy = new Set(held.map(({ cluster }) => cluster));
  return stageClusters(stage, facts).filter(({ uid }) => !passedBy.has(uid));
}

/**
 * Whether what entered a stage last is open, and was for nobody when it came: all were held at something else, or there was
 * no cluster. Such a rollout has no waves: who would be in them shows only when somebody may take it.
 */
export function isForNobody(
  { environment, current }: StageFacts,
  { targets }: Pick<DeliveryFacts, 'targets'>,
): boolean {
  if (!current?.running || current.admission) return false;
  const isTold = targets.some(
    ({ environment: where, entry }) =>
      where === environment && intentOf(entry) === 'run' && entry.release === current.release,
  );
  return !isTold;
}
