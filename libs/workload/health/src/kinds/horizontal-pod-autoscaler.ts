import type { KubeObject } from '@flotilla/model';
import { conditionsOf, readCondition, sentenceOf, type Condition } from '../conditions.ts';
import { degraded, healthy, progressing, type HealthRule } from '../health.ts';

export const horizontalPodAutoscalerHealth: HealthRule = (autoscaler) => {
  const conditions = [...conditionsOf(autoscaler), ...annotatedConditions(autoscaler)];
  const failing = conditions.find(isFailing);
  if (failing) return degraded(failing.reason, sentenceOf(failing));
  if (conditions.some(isScaling)) return healthy;
  return progressing('NotScaling', 'it has not scaled anything yet');
};

/** It cannot read what it scales by, or cannot reach what it scales. */
function isFailing({ type, status, reason }: Condition): boolean {
  const asked = type === 'AbleToScale' || type === 'ScalingActive';
  return asked && status !== 'True' && /^(Failed|Invalid)/.test(reason);
}

/** It has reached what it scales, or knows that it would like to go further than it may. */
function isScaling({ type, status }: Condition): boolean {
  return (type === 'AbleToScale' || type === 'ScalingLimited') && status === 'True';
}

/** The first version of this kind keeps its conditions in an annotation. */
function annotatedConditions({ metadata }: KubeObject): Condition[] {
  try {
    const read = JSON.parse(metadata?.annotations?.['autoscaling.alpha.kubernetes.io/conditions'] ?? '[]') as unknown;
    return Array.isArray(read) ? read.map(readCondition) : [];
  } catch {
    return [];
  }
}
