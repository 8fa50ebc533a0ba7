import type { Pod } from '../kube-objects.ts';
import { isReady } from '../pod-facts.ts';

/** In which order pods are given up: those without a node, those not yet running or ready, then the youngest. */
export function firstToGo(pods: readonly Pod[]): readonly Pod[] {
  return pods.toSorted(
    (left, right) =>
      rank(left) - rank(right) || right.metadata.creationTimestamp.localeCompare(left.metadata.creationTimestamp),
  );
}

function rank(pod: Pod): number {
  if (!pod.spec.nodeName) return 0;
  if (pod.status?.phase !== 'Running') return 1;
  return isReady(pod) ? 3 : 2;
}
