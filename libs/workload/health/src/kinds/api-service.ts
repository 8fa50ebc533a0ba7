import { conditionOf, sentenceOf } from '../conditions.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

export const apiServiceHealth: HealthRule = (service) => {
  const available = conditionOf(service, 'Available');
  if (available?.status === 'True') return healthy;
  return available
    ? progressing(available.reason || 'NotAvailable', sentenceOf(available))
    : progressing('NotObserved', 'it has not been looked at yet');
};
