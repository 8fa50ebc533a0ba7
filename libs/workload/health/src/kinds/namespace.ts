import { textAt } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const namespaceHealth: HealthRule = (namespace) =>
  textAt(namespace, 'status', 'phase') === 'Terminating'
    ? progressing('Terminating', 'the namespace is being deleted')
    : healthy;
