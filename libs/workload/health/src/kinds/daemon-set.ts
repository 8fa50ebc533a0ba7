import { isUnobserved, numberAt, textAt } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const daemonSetHealth: HealthRule = (set) => {
  const wanted = numberAt(set, 'status', 'desiredNumberScheduled');
  if (isUnobserved(set) || numberAt(set, 'status', 'observedGeneration') === undefined || wanted === undefined) {
    return progressing('NotObserved', 'the newest change has not been seen yet');
  }
  // Pods of this strategy are replaced by whoever deletes them.
  if (textAt(set, 'spec', 'updateStrategy', 'type') === 'OnDelete') return healthy;
  const count = (field: string) => numberAt(set, 'status', field) ?? 0;
  const updated = count('updatedNumberScheduled');
  if (updated < wanted) return progressing('Updating', `${updated} of ${wanted} pods are updated`);
  const available = count('numberAvailable');
  if (available < wanted) return progressing('NotAvailable', `${available} of ${wanted} pods are available`);
  const ready = numberAt(set, 'status', 'numberReady') ?? wanted;
  return ready < wanted ? progressing('NotReady', `${ready} of ${wanted} pods are ready`) : healthy;
};
