import { isUnobserved, numberAt, textAt } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const statefulSetHealth: HealthRule = (set) => {
  if (!numberAt(set, 'status', 'observedGeneration') || isUnobserved(set)) {
    return progressing('NotObserved', 'the newest change has not been seen yet');
  }
  const wanted = numberAt(set, 'spec', 'replicas') ?? 1;
  const count = (field: string) => numberAt(set, 'status', field) ?? 0;
  const ready = count('readyReplicas');
  if (ready < wanted) return progressing('NotReady', `${ready} of ${wanted} pods are ready`);
  const strategy = textAt(set, 'spec', 'updateStrategy', 'type');
  // Pods of this strategy are replaced by whoever deletes them.
  if (strategy === 'OnDelete') return healthy;
  const surplus = count('replicas') - wanted;
  if (surplus > 0) return progressing('Terminating', `${surplus} pods too many are still there`);
  const partition = numberAt(set, 'spec', 'updateStrategy', 'rollingUpdate', 'partition') ?? 0;
  if (partition > 0) {
    const updated = count('updatedReplicas');
    return updated < wanted - partition
      ? progressing('Updating', `${updated} of ${wanted - partition} pods are updated`)
      : healthy;
  }
  const current = count('currentReplicas');
  if (textAt(set, 'status', 'updateRevision') !== textAt(set, 'status', 'currentRevision')) {
    return progressing('Updating', `${count('updatedReplicas')} of ${wanted} pods are updated`);
  }
  return current < wanted ? progressing('Updating', `${current} of ${wanted} pods are current`) : healthy;
};
