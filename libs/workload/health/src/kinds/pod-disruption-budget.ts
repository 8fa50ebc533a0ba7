import { isUnobserved } from '../facts.ts';
import { healthy, progressing, type HealthRule } from '../health.ts';

/** A budget that allows no disruption right now does its work. */
export const podDisruptionBudgetHealth: HealthRule = (budget) =>
  isUnobserved(budget) ? progressing('NotObserved', 'the newest change has not been seen yet') : healthy;
