import { valueAt } from '../facts.ts';
import { healthy, suspended, type HealthRule } from '../health.ts';

/** A schedule is well when it is there; how its jobs do is told by the jobs. */
export const cronJobHealth: HealthRule = (job) =>
  valueAt(job, 'spec', 'suspend') === true ? suspended('Suspended', 'the schedule is suspended') : healthy;
