import { intentOf, matchesLabels } from '@flotilla/model';
import type { ClusterFacts, DeliveryFacts, ReleaseFacts, StageFacts } from '../facts.ts';

/** The clusters of a stage. */
export function matchingClusters(
  stage: Pick<StageFacts, 'clusters'>,
  facts: Pick<DeliveryFacts, 'clusters'>,
): readonly ClusterFacts[] {
  return facts.clusters.filter(({ labels }) => matchesLabels(stage.clusters, labels));
}

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
  return matchingClusters(stage, facts).filter(({ uid }) => !passedBy.has(uid));
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
