import type { ClusterEvidence } from './rollout-course.ts';

/**
 * Where one cluster is in a rollout. `Failing` may yet become well, `Failed` is past its deadline. `Away` is not heard,
 * and said nothing of the release that would count. `Forgiven`: it is not well, and a person went on all the same.
 */
export type ClusterPhase =
  | 'Waiting'
  | 'UnderWay'
  | 'Soaking'
  | 'Done'
  | 'Failing'
  | 'Failed'
  | 'Forgiven'
  | 'Away'
  | 'Skipped';

/** A cluster with where it is, and until when time alone keeps it there. */
export interface PhasedCluster extends ClusterEvidence {
  readonly phase: ClusterPhase;
  readonly until?: number;
}

export interface PhaseLimits {
  readonly minSuccessMs: number;
  readonly deadlineMs?: number | undefined;
}

/** Names where a cluster is. What it said counts; what it could not say because it was away counts for nothing. */
export function phased(evidence: ClusterEvidence, limits: PhaseLimits, now: number): PhasedCluster {
  return { ...evidence, ...phaseOf(evidence, limits, now) };
}

type Phase = Pick<PhasedCluster, 'phase' | 'until'>;

function phaseOf(evidence: ClusterEvidence, { minSuccessMs, deadlineMs }: PhaseLimits, now: number): Phase {
  const { admittedAt, healthySince, failed, offlineSince, skipped, forgiven } = evidence;
  if (skipped) return { phase: 'Skipped' };
  if (admittedAt === undefined) return { phase: offlineSince === undefined ? 'Waiting' : 'Away' };
  if (healthySince !== undefined) return soak(healthySince + minSuccessMs, offlineSince, now);
  if (!failed && offlineSince !== undefined) return { phase: 'Away' };
  if (forgiven) return { phase: 'Forgiven' };
  const deadline = deadlineMs === undefined ? undefined : startOf(evidence, admittedAt) + deadlineMs;
  if (failed?.isFinal || (deadline !== undefined && deadline <= now)) return { phase: 'Failed' };
  return { phase: failed ? 'Failing' : 'UnderWay', ...(deadline !== undefined && { until: deadline }) };
}

/** Of a cluster that went away meanwhile nobody knows whether it stayed well. */
function soak(until: number, offlineSince: number | undefined, now: number): Phase {
  if (until <= (offlineSince ?? now)) return { phase: 'Done' };
  return offlineSince === undefined ? { phase: 'Soaking', until } : { phase: 'Away' };
}

function startOf({ heardSince }: ClusterEvidence, admittedAt: number): number {
  return Math.max(admittedAt, heardSince ?? admittedAt);
}
