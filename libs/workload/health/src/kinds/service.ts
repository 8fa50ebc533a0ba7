import { listAt, textAt } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const serviceHealth: HealthRule = (service) => {
  if (textAt(service, 'spec', 'type') !== 'LoadBalancer') return healthy;
  if (listAt(service, 'status', 'loadBalancer', 'ingress').length > 0) return healthy;
  return progressing('NoAddress', 'the load balancer has no address yet');
};
