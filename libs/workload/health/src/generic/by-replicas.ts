import type { KubeObject } from '@flotilla/model';
import { numberAt, textAt } from '../facts.ts';
import { healthy, progressing, type Health } from '../health.ts';

/** Counts that say how many of the wanted replicas are of use. */
const useful = ['readyReplicas', 'availableReplicas', 'updatedReadyReplicas', 'updatedAvailableReplicas'];
const usefulPods = ['numberReady', 'numberAvailable', 'updatedNumberScheduled'];

/** What counted replicas say; `undefined` for what has none. */
export function healthByReplicas(object: KubeObject): Health | undefined {
  const written = writtenFraction(object);
  if (written) return enough(...written);
  const scheduled = numberAt(object, 'status', 'desiredNumberScheduled');
  const wanted = scheduled ?? numberAt(object, 'spec', 'replicas') ?? numberAt(object, 'status', 'replicas');
  const fields = scheduled === undefined ? useful : usefulPods;
  const counts = fields.map((field) => numberAt(object, 'status', field)).filter((count) => count !== undefined);
  if (wanted === undefined || counts.length === 0) return undefined;
  return enough(Math.min(...counts), wanted);
}

function enough(ready: number, wanted: number): Health {
  return ready < wanted ? progressing('NotReady', `${ready} of ${wanted} replicas are ready`) : healthy;
}

/** Some write both in one text, `1/3`, for a column of kubectl's. */
function writtenFraction(object: KubeObject): [ready: number, wanted: number] | undefined {
  const text = textAt(object, 'status', 'scale', 'statusReplicas') ?? textAt(object, 'status', 'statusReplicas');
  const [, ready, wanted] = /^(\d{1,9})\/(\d{1,9})$/.exec(text ?? '') ?? [];
  return ready === undefined ? undefined : [Number(ready), Number(wanted)];
}
