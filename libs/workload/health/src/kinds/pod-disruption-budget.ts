import { conditionsOf, sentenceOf } from '../conditions.ts';
import { isUnobserved, valueAt } from '../facts.ts';
import { degraded, healthy, progressing, type HealthRule } from '../health.ts';

/** A budget that allows no disruption right now does its work; one that could not be computed does not. */
export const podDisruptionBudgetHealth: HealthRule = (budget) => {
  if (valueAt(budget, 'status') === undefined || isUnobserved(budget)) {
    return progressing('NotObserved', 'the newest change has not been seen yet');
  }
  const failed = conditionsOf(budget).find(({ status, reason }) => status === 'False' && reason === 'SyncFailed');
  return failed ? degraded(failed.reason, sentenceOf(failed)) : healthy;
};
