import { conditionOf, withCondition } from '../conditions.ts';
import type { Condition, Deployment, DeploymentStatus } from '../kube-objects.ts';
import type { OwnedReplicaSets } from './owned-replica-sets.ts';
import { rolloutLimits, sum } from './rolling-update.ts';

export interface DeploymentFacts extends OwnedReplicaSets {
  readonly deployment: Deployment;
  /** Whether the current ReplicaSet was made in this very pass. */
  readonly isNew: boolean;
  readonly now: number;
  readonly time: string;
}

export function deploymentStatus(facts: DeploymentFacts): DeploymentStatus {
  const { deployment, current, old } = facts;
  const all = current ? [current, ...old] : old;
  const available = sum(all, ({ status }) => status?.availableReplicas ?? 0);
  const counts = {
    replicas: sum(all, ({ status }) => status?.replicas ?? 0),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum(all, ({ status }) => status?.readyReplicas ?? 0),
    availableReplicas: available,
    unavailableReplicas: Math.max(0, sum(all, ({ spec }) => spec.replicas) - available),
  };
  const observed = { observedGeneration: deployment.metadata.generation ?? 1, ...withoutZeros(counts) };
  return { ...observed, conditions: conditionsAfter(facts, observed) };
}

function withoutZeros<Counts extends Readonly<Record<string, number>>>(counts: Counts): Partial<Counts> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0)) as Partial<Counts>;
}

function conditionsAfter(facts: DeploymentFacts, status: DeploymentStatus): readonly Condition[] {
  const { deployment, current, old, time } = facts;
  const before = deployment.status?.conditions ?? [];
  const available = withChanged(before, availability(deployment, status), time);
  const rollout = deployment.spec.paused ? paused(deployment) : progressOf(facts, status);
  const moved = rollout ? withChanged(available, rollout, time, hasMoved(deployment, status)) : available;
  const failure = [current, ...old].flatMap((set) => conditionOf(set?.status?.conditions, 'ReplicaFailure') ?? []);
  const rest = moved.filter(({ type }) => type !== 'ReplicaFailure');
  return failure[0] ? withChanged(rest, failure[0], time) : rest;
}

/** A condition that says the same as before stays as it is, unless there was progress to note. */
function withChanged(
  before: readonly Condition[],
  condition: Condition,
  time: string,
  isFresh = false,
): readonly Condition[] {
  const last = conditionOf(before, condition.type);
  if (!isFresh && last?.status === condition.status && last.reason === condition.reason) return before;
  return withCondition(before, { ...condition, lastUpdateTime: time }, time);
}

function availability(deployment: Deployment, { availableReplicas = 0 }: DeploymentStatus): Condition {
  const isEnough = availableReplicas >= deployment.spec.replicas - rolloutLimits(deployment).unavailable;
  return isEnough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function paused({ status }: Deployment): Condition | undefined {
  if (conditionOf(status?.conditions, 'Progressing')?.reason === 'ProgressDeadlineExceeded') return undefined;
  return { type: 'Progressing', status: 'Unknown', reason: 'DeploymentPaused', message: 'Deployment is paused' };
}

function progressOf(facts: DeploymentFacts, status: DeploymentStatus): Condition | undefined {
  const { deployment, current, isNew } = facts;
  if (deployment.spec.progressDeadlineSeconds === undefined) return undefined;
  const before = conditionOf(deployment.status?.conditions, 'Progressing');
  const subject = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`;
  const rested =
    before?.reason === 'NewReplicaSetAvailable' && (status.replicas ?? 0) === (status.updatedReplicas ?? 0);
  if (isNew) return progress('NewReplicaSetCreated', `Created new replica set "${current!.metadata.name}"`);
  if (rested) return undefined;
  if (isComplete(deployment, status))
    return progress('NewReplicaSetAvailable', `${subject} has successfully progressed.`);
  if (hasMoved(deployment, status)) return progress('ReplicaSetUpdated', `${subject} is progressing.`);
  if (deadlineInMs(facts) === 0) return progress('ProgressDeadlineExceeded', `${subject} has timed out progressing.`);
  return before || !current
    ? undefined
    : progress('FoundNewReplicaSet', `Found new replica set "${current.metadata.name}"`);
}

function progress(reason: string, message: string): Condition {
  const status = reason === 'ProgressDeadlineExceeded' ? 'False' : 'True';
  return { type: 'Progressing', status, reason, message };
}

export function isComplete({ spec, metadata }: Deployment, status: DeploymentStatus): boolean {
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = status;
  const counts = [replicas, updatedReplicas, availableReplicas];
  return counts.every((count) => count === spec.replicas) && observedGeneration >= (metadata.generation ?? 0);
}

/** Whether a rollout got on since the status was last written. */
function hasMoved({ status: before = {} }: Deployment, status: DeploymentStatus): boolean {
  const counts = ['updatedReplicas', 'readyReplicas', 'availableReplicas'] as const;
  const hasMore = counts.some((count) => (status[count] ?? 0) > (before[count] ?? 0));
  return hasMore || oldReplicas(status) < oldReplicas(before);
}

function oldReplicas({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus): number {
  return replicas - updatedReplicas;
}

/** How long until a rollout that does not get on has failed; undefined when none is going on. */
export function deadlineInMs({ deployment, now }: Pick<DeploymentFacts, 'deployment' | 'now'>): number | undefined {
  const { progressDeadlineSeconds, paused: isPaused } = deployment.spec;
  const before = conditionOf(deployment.status?.conditions, 'Progressing');
  if (progressDeadlineSeconds === undefined || isPaused || !before) return undefined;
  if (before.reason === 'NewReplicaSetAvailable' || before.status === 'Unknown') return undefined;
  if (before.reason === 'ProgressDeadlineExceeded') return 0;
  return Math.max(0, Date.parse(before.lastUpdateTime!) + progressDeadlineSeconds * 1000 - now);
}
