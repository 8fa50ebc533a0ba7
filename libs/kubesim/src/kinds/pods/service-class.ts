import { quantityNumber } from '../../decode/quantity.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import { itemsAt, objectAt } from '../check-values.ts';

/** The quality of service of a pod: who asks for exactly what it may use is guaranteed it, who asks for nothing waits. */
export function serviceClassOf(pod: JsonObject): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const spec = objectAt(pod, 'spec');
  const all = [...itemsAt(spec, 'containers'), ...itemsAt(spec, 'initContainers')].map(resourcesOf);
  if (all.every(({ limits, requests }) => isUnset(limits) && isUnset(requests))) return 'BestEffort';
  return all.every(isGuaranteed) ? 'Guaranteed' : 'Burstable';
}

interface Resources {
  readonly limits: Readonly<Record<string, string>>;
  readonly requests: Readonly<Record<string, string>>;
}

const counted = ['cpu', 'memory'];

function resourcesOf(container: JsonObject): Resources {
  const resources = objectAt(container, 'resources');
  return {
    limits: objectAt(resources, 'limits') as Record<string, string>,
    requests: objectAt(resources, 'requests') as Record<string, string>,
  };
}

function isUnset(amounts: Readonly<Record<string, string>>): boolean {
  return counted.every((name) => !amounts[name] || quantityNumber(amounts[name]) === 0);
}

function isGuaranteed({ limits, requests }: Resources): boolean {
  return counted.every((name) => {
    const limit = limits[name];
    return limit !== undefined && quantityNumber(limit) === quantityNumber(requests[name] ?? limit);
  });
}
