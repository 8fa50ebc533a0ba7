import { conditionOf, sentenceOf } from '../conditions.ts';
import { isUnobserved, numberAt } from '../facts.ts';
import { degraded, healthy, progressing, type HealthRule } from '../health.ts';

export const replicaSetHealth: HealthRule = (set) => {
  if (isUnobserved(set)) return progressing('NotObserved', 'the newest change has not been seen yet');
  const failure = conditionOf(set, 'ReplicaFailure');
  if (failure?.status === 'True') return degraded(failure.reason || 'ReplicaFailure', sentenceOf(failure));
  const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
  const available = numberAt(set, 'status', 'availableReplicas') ?? 0;
  if (available < wanted) return progressing('NotAvailable', `${available} of ${wanted} replicas are available`);
  const ready = numberAt(set, 'status', 'readyReplicas') ?? 0;
  return ready < wanted ? progressing('NotReady', `${ready} of ${wanted} replicas are ready`) : healthy;
};
