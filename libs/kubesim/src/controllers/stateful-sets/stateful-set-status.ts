import type { StatefulSetStatus } from '../kube-objects.ts';
import { isAvailable, isReady } from '../pod-facts.ts';
import { revisionOfPod } from './member-pod.ts';
import type { MemberFacts } from './next-member-step.ts';

export function statefulSetStatus({ set, members, current, update, now }: MemberFacts): StatefulSetStatus {
  const ready = members.filter(isReady);
  const available = ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  const living = members.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const updated = living.filter((pod) => revisionOfPod(pod) === update).length;
  const old = living.filter((pod) => revisionOfPod(pod) === current).length;
  // An update is over when all members have it and are well; what was new is the current revision then.
  const isOver = [updated, ready.length, members.length].every((count) => count === set.spec.replicas);
  const currentRevision = isOver ? update : current;
  const currentReplicas = isOver ? updated : old;
  return {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: members.length,
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    availableReplicas: available.length,
    ...(currentReplicas > 0 && { currentReplicas }),
    ...(updated > 0 && { updatedReplicas: updated }),
    currentRevision,
    updateRevision: update,
    collisionCount: 0,
  };
}
