import type { HealthStatus } from '@flotilla/model';
import type { Health } from '../health.ts';

/** From what decides first to what decides last when several things are said of one object. */
const weights: readonly HealthStatus[] = ['Degraded', 'Missing', 'Suspended', 'Progressing', 'Unknown', 'Healthy'];

export function heavier(left: Health | undefined, right: Health | undefined): Health | undefined {
  if (!left || !right) return left ?? right;
  return weights.indexOf(right.status) < weights.indexOf(left.status) ? right : left;
}
