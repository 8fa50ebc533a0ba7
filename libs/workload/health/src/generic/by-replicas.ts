import type { KubeObject } from '@flotilla/model';
import { numberAt } from '../facts.ts';
import { healthy, progressing, type Health } from '../health.ts';

/** Counts that say how many of the wanted replicas are of use. */
const useful = ['readyReplicas', 'availableReplicas', 'updatedReadyReplicas', 'updatedAvailableReplicas'];
const usefulPods = ['numberReady', 'numberAvailable', 'updatedNumberScheduled'];

/** What counted replicas say; `undefined` for what has none. */
export function healthByReplicas(object: KubeObject): Health | undefined {
  const scheduled = numberAt(object, 'status', 'desiredNumberScheduled');
  const wanted = scheduled ?? numberAt(object, 'spec', 'replicas') ?? numberAt(object, 'status', 'replicas');
  const fields = scheduled === undefined ? useful : usefulPods;
  const counts = fields.map((field) => numberAt(object, 'status', field)).filter((count) => count !== undefined);
  if (wanted === undefined || counts.length === 0) return undefined;
  const least = Math.min(...counts);
  return least < wanted ? progressing('NotReady', `${least} of ${wanted} replicas are ready`) : healthy;
}
