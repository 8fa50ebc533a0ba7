import type { StatusFault } from '../../problems/status-fault.ts';
import { withCondition } from '../conditions.ts';
import type { Condition, Pod, ReplicaSet, ReplicaSetStatus } from '../kube-objects.ts';
import { isAvailable, isReady } from '../pod-facts.ts';

export interface ReplicaSetFacts {
  readonly set: ReplicaSet;
  readonly active: readonly Pod[];
  readonly now: number;
  readonly time: string;
  /** Why no more pods could be made. */
  readonly failure: StatusFault | undefined;
}

export function replicaSetStatus({ set, active, now, time, failure }: ReplicaSetFacts): ReplicaSetStatus {
  const wanted = Object.entries(set.spec.template.metadata?.labels ?? {});
  const labelled = active.filter(({ metadata }) => wanted.every(([key, value]) => metadata.labels?.[key] === value));
  const ready = active.filter(isReady);
  const available = ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now));
  const conditions = conditionsAfter(set.status?.conditions ?? [], failure, time);
  return {
    replicas: active.length,
    ...(labelled.length > 0 && { fullyLabeledReplicas: labelled.length }),
    ...(ready.length > 0 && { readyReplicas: ready.length }),
    ...(available.length > 0 && { availableReplicas: available.length }),
    ...(set.metadata.generation !== undefined && { observedGeneration: set.metadata.generation }),
    ...(conditions.length > 0 && { conditions }),
  };
}

function conditionsAfter(
  before: readonly Condition[],
  failure: StatusFault | undefined,
  time: string,
): readonly Condition[] {
  if (!failure) return before.filter(({ type }) => type !== 'ReplicaFailure');
  const condition = {
    type: 'ReplicaFailure',
    status: 'True',
    reason: 'FailedCreate',
    message: failure.message,
  } as const;
  return withCondition(before, condition, time);
}
