import { listAt } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const ingressHealth: HealthRule = (ingress) =>
  listAt(ingress, 'status', 'loadBalancer', 'ingress').length > 0
    ? healthy
    : progressing('NoAddress', 'no ingress controller has given it an address yet');
