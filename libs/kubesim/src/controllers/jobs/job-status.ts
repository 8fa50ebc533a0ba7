import { withCondition } from '../conditions.ts';
import type { Condition, JobStatus } from '../kube-objects.ts';
import { isReady } from '../pod-facts.ts';
import { finishedCondition, type JobFacts, type JobOutcome } from './job-outcome.ts';

export function jobStatus(facts: JobFacts, outcome: JobOutcome | undefined, time: string): JobStatus {
  const { job, active, succeeded, failed } = facts;
  const { suspend } = job.spec;
  const startTime = suspend ? undefined : (job.status?.startTime ?? time);
  const conditions = conditionsAfter(facts, outcome, time);
  const isRunning = !outcome && !suspend;
  return {
    ...(conditions.length > 0 && { conditions }),
    ...(startTime !== undefined && { startTime }),
    ...(outcome?.type === 'Complete' && { completionTime: time }),
    ...(isRunning && active.length > 0 && { active: active.length }),
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    terminating: 0,
    uncountedTerminatedPods: {},
    ready: isRunning ? active.filter(isReady).length : 0,
  } as JobStatus;
}

function conditionsAfter({ job }: JobFacts, outcome: JobOutcome | undefined, time: string): readonly Condition[] {
  const before = job.status?.conditions ?? [];
  if (finishedCondition(job)) return before;
  const isSuspended = job.spec.suspend === true;
  const wasSuspended = before.some(({ type }) => type === 'Suspended');
  const suspended: Condition = isSuspended
    ? { type: 'Suspended', status: 'True', reason: 'JobSuspended', message: 'Job suspended' }
    : { type: 'Suspended', status: 'False', reason: 'JobResumed', message: 'Job resumed' };
  const resumed = isSuspended || wasSuspended ? withCondition(before, suspended, time) : before;
  if (!outcome) return resumed;
  const { type, reason, message } = outcome;
  const herald = type === 'Complete' ? 'SuccessCriteriaMet' : 'FailureTarget';
  return [herald, type].reduce(
    (all, name) => withCondition(all, { type: name, status: 'True', reason, message }, time),
    resumed,
  );
}
