import { conditionOf, sentenceOf } from '../conditions.ts';
import { isUnobserved, numberAt, valueAt } from '../facts.ts';
import { degraded, healthy, progressing, suspended, type HealthRule } from '../health.ts';

export const deploymentHealth: HealthRule = (deployment) => {
  if (valueAt(deployment, 'spec', 'paused') === true) return suspended('Paused', 'the deployment is paused');
  if (isUnobserved(deployment)) return progressing('NotObserved', 'the newest change has not been seen yet');
  const progress = conditionOf(deployment, 'Progressing');
  if (progress?.reason === 'ProgressDeadlineExceeded') return degraded(progress.reason, sentenceOf(progress));
  const wanted = numberAt(deployment, 'spec', 'replicas') ?? 1;
  const count = (field: string) => numberAt(deployment, 'status', field) ?? 0;
  const updated = count('updatedReplicas');
  if (updated < wanted) return progressing('Updating', `${updated} of ${wanted} replicas are updated`);
  const old = count('replicas') - updated;
  if (old > 0) return progressing('Terminating', `${old} old replicas are still there`);
  const available = count('availableReplicas');
  if (available < updated) return progressing('NotAvailable', `${available} of ${updated} replicas are available`);
  const availability = conditionOf(deployment, 'Available');
  if (availability?.status === 'False') return progressing('NotAvailable', sentenceOf(availability));
  // A deployment with a deadline says when it has finished; without one it never does.
  if (progress?.status === 'False') return progressing(progress.reason || 'NotProgressing', sentenceOf(progress));
  return healthy;
};
