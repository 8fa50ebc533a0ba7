import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { claimDependents } from '../dependents.ts';
import { itself, ownerOf } from '../keys.ts';
import type { Job, Pod } from '../kube-objects.ts';
import { podOf } from '../pod-template.ts';
import { jobs, pods } from '../resources.ts';
import {
  deadlineInMs,
  finishedCondition,
  jobFacts,
  outcomeOf,
  retryInMs,
  wantedPods,
  type JobFacts,
  type JobOutcome,
} from './job-outcome.ts';
import { jobStatus } from './job-status.ts';

/** Runs the pods of a job until enough of them have succeeded, or too many have failed. */
export function jobController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'job',
    affectedBy: (change) => [...itself(change, jobs), ...ownerOf(change, pods, 'Job')],
    reconcile: async (key) => {
      const job = client.get<Job>(jobs, key);
      if (!job || job.metadata.deletionTimestamp) return undefined;
      if (finishedCondition(job)) return expire(client, clock, job);
      const facts = jobFacts(job, await claimDependents<Pod>(client, pods, job), clock.now());
      const outcome = outcomeOf(facts);
      const retryMs = outcome ? 0 : await adjust(client, facts);
      if (outcome) for (const pod of facts.active) await client.delete(pods, pod);
      return report({ client, clock, key, outcome, retryMs });
    },
  };
}

/** Makes or deletes pods; returns how long it has to wait before it may make more. */
async function adjust(client: ClusterClient, facts: JobFacts): Promise<number> {
  const { job, active } = facts;
  const missing = wantedPods(facts) - active.length;
  for (const pod of active.slice(0, Math.max(0, -missing))) await client.delete(pods, pod);
  if (missing <= 0) return 0;
  const retryMs = retryInMs(facts, lastFailureAt(client, facts));
  if (retryMs > 0) return retryMs;
  for (let count = 0; count < missing; count++) {
    await client.create(pods, job.metadata.namespace!, podOf({ owner: job, template: job.spec.template }));
  }
  return 0;
}

function lastFailureAt(client: ClusterClient, { job }: JobFacts): number {
  const owned = client
    .list<Pod>(pods, job.metadata.namespace)
    .filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === job.metadata.uid));
  const times = owned
    .flatMap(({ status }) => status?.containerStatuses ?? [])
    .flatMap(({ state }) => (state.terminated ? [Date.parse(state.terminated.finishedAt)] : []));
  return Math.max(0, ...times);
}

interface Report {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly key: string;
  readonly outcome: JobOutcome | undefined;
  readonly retryMs: number;
}

async function report({ client, clock, key, outcome, retryMs }: Report): Promise<number | undefined> {
  const job = client.get<Job>(jobs, key);
  if (!job) return undefined;
  const now = clock.now();
  const facts = jobFacts(job, await claimDependents<Pod>(client, pods, job), now);
  const status = jobStatus(facts, outcome, apiTime(now));
  await client.writeStatus(jobs, job, status);
  const waits = [retryMs, deadlineInMs({ job: { ...job, status }, now }) ?? 0].filter((ms) => ms > 0);
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

/** A finished job goes by itself when it says after which time. */
async function expire(client: ClusterClient, clock: Clock, job: Job): Promise<number | undefined> {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined) return undefined;
  const finishedAt = Date.parse(finishedCondition(job)!.lastTransitionTime!);
  const leftMs = finishedAt + ttlSecondsAfterFinished * 1000 - clock.now();
  if (leftMs > 0) return leftMs;
  await client.delete(jobs, job, { propagationPolicy: 'Background' });
  return undefined;
}
