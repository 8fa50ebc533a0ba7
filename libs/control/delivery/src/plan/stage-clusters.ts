import { matchesLabels } from '@flotilla/model';
import type { ClusterFacts, DeliveryFacts, StageFacts } from '../facts.ts';

/** The clusters of a stage: those that its environment chooses by their labels, now. */
export function stageClusters(
  stage: Pick<StageFacts, 'clusters'>,
  facts: Pick<DeliveryFacts, 'clusters'>,
): readonly ClusterFacts[] {
  return facts.clusters.filter(({ labels }) => matchesLabels(stage.clusters, labels));
}
