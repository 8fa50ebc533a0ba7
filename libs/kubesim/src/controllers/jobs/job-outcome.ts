import { conditionOf } from '../conditions.ts';
import type { Condition, Job, Pod } from '../kube-objects.ts';
import { isActive } from '../pod-facts.ts';

/** What is known about the pods of a job. A pod that was counted once counts for ever, even when it is deleted. */
export interface JobFacts {
  readonly job: Job;
  readonly active: readonly Pod[];
  readonly succeeded: number;
  readonly failed: number;
  /** Restarts of containers count as failures when they happen in place. */
  readonly restarts: number;
  readonly now: number;
}

export function jobFacts(job: Job, owned: readonly Pod[], now: number): JobFacts {
  const count = (phase: string) => owned.filter(({ status }) => status?.phase === phase).length;
  const active = owned.filter(isActive);
  const statuses = active.flatMap(({ status }) => status?.containerStatuses ?? []);
  return {
    job,
    active,
    succeeded: Math.max(job.status?.succeeded ?? 0, count('Succeeded')),
    failed: Math.max(job.status?.failed ?? 0, count('Failed')),
    restarts: statuses.reduce((total, { restartCount }) => total + restartCount, 0),
    now,
  };
}

export interface JobOutcome {
  readonly type: 'Complete' | 'Failed';
  readonly reason: string;
  readonly message: string;
}

/** How the job ended, if it has. */
export function outcomeOf({ job, active, succeeded, failed, restarts, now }: JobFacts): JobOutcome | undefined {
  const { completions, backoffLimit = 6, template } = job.spec;
  const failures = template.spec.restartPolicy === 'OnFailure' ? restarts : 0;
  if (failed > backoffLimit || (failures > 0 && failures >= backoffLimit)) {
    return failure('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (deadlineInMs({ job, now }) === 0) {
    return failure('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  const isDone = completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= completions;
  const message = 'Reached expected number of succeeded pods';
  return isDone ? { type: 'Complete', reason: 'CompletionsReached', message } : undefined;
}

function failure(reason: string, message: string): JobOutcome {
  return { type: 'Failed', reason, message };
}

export function deadlineInMs({ job, now }: Pick<JobFacts, 'job' | 'now'>): number | undefined {
  const { activeDeadlineSeconds, suspend } = job.spec;
  const { startTime } = job.status ?? {};
  if (activeDeadlineSeconds === undefined || suspend || startTime === undefined) return undefined;
  return Math.max(0, Date.parse(startTime) + activeDeadlineSeconds * 1000 - now);
}

export function finishedCondition({ status }: Job): Condition | undefined {
  const met = (type: string) => {
    const condition = conditionOf(status?.conditions, type);
    return condition?.status === 'True' ? condition : undefined;
  };
  return met('Complete') ?? met('Failed');
}

/** How many pods shall run now. */
export function wantedPods({ job, active, succeeded }: JobFacts): number {
  const { completions, parallelism = 1, suspend } = job.spec;
  if (suspend) return 0;
  if (completions === undefined) return succeeded > 0 ? Math.min(active.length, parallelism) : parallelism;
  return Math.min(parallelism, completions - succeeded);
}

/** How long a new pod has to wait because others have failed: ten seconds after the first, twice as long after each. */
export function retryInMs({ failed, now }: JobFacts, lastFailureAt: number): number {
  if (failed === 0) return 0;
  const waitMs = Math.min(360_000, 10_000 * 2 ** Math.min(failed - 1, 10));
  return Math.max(0, lastFailureAt + waitMs - now);
}
