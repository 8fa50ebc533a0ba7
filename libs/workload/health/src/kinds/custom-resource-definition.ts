import { conditionsOf, sentenceOf } from '../conditions.ts';
import { degraded, healthy, progressing, type HealthRule } from '../health.ts';

export const customResourceDefinitionHealth: HealthRule = (definition) => {
  const conditions = conditionsOf(definition);
  const met = (type: string, status: string) =>
    conditions.find((condition) => condition.type === type && condition.status === status);
  const terminating = met('Terminating', 'True');
  if (terminating) return progressing('Terminating', sentenceOf(terminating));
  const refused = met('NamesAccepted', 'False');
  if (refused) return degraded('NamesNotAccepted', sentenceOf(refused));
  const pending = conditions.find(({ type, status }) => type === 'Established' && status !== 'True');
  if (pending?.reason === 'Installing') return progressing('Installing', sentenceOf(pending));
  if (pending) return degraded('NotEstablished', sentenceOf(pending));
  if (!met('Established', 'True')) return progressing('NotObserved', 'it has not been looked at yet');
  const violation = met('NonStructuralSchema', 'True');
  return violation ? degraded('NonStructuralSchema', sentenceOf(violation)) : healthy;
};
