import type { ClusterPhase } from '@flotilla/model';
import type { ClusterEvidence } from './rollout-course.ts';

/** What crashed under the release before is seen for a moment under the next one; that is not its fault. */
const flickerMs = 10_000;

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
  const { admittedAt, healthySince, failed, awaySince, skipped, forgiven, withheld, unreported, wasWell } = evidence;
  if (skipped) return { phase: 'Skipped' };
  if (admittedAt === undefined) return { phase: awaySince === undefined ? 'Waiting' : 'Away' };
  // No deadline runs before it may, and nobody passes it by.
  if (withheld) return { phase: 'UnderWay' };
  if (healthySince !== undefined) return soak(healthySince + minSuccessMs, awaySince, now);
  if (!failed && awaySince !== undefined) return { phase: 'Away' };
  if (forgiven) return { phase: 'Forgiven' };
  if (unreported) return { phase: 'UnderWay' };
  // A deadline is for becoming well. Who did, and is seen not to be, is given one anew.
  const deadline = deadlineMs === undefined || wasWell ? undefined : startOf(evidence, admittedAt) + deadlineMs;
  if (failed?.isFinal || (deadline !== undefined && deadline <= now)) return { phase: 'Failed' };
  const ripe = failed?.since === undefined ? now : failed.since + flickerMs;
  const times = [...(deadline === undefined ? [] : [deadline]), ...(ripe > now ? [ripe] : [])];
  const isFailing = failed !== undefined && ripe <= now;
  return { phase: isFailing ? 'Failing' : 'UnderWay', ...(times.length > 0 && { until: Math.min(...times) }) };
}

/** Of a cluster that went away meanwhile nobody knows whether it stayed well. */
function soak(until: number, awaySince: number | undefined, now: number): Phase {
  if (until <= (awaySince ?? now)) return { phase: 'Done' };
  return awaySince === undefined ? { phase: 'Soaking', until } : { phase: 'Away' };
}

function startOf({ backSince }: ClusterEvidence, admittedAt: number): number {
  return Math.max(admittedAt, backSince ?? admittedAt);
}

/** What a look finds out for deadlines, by cluster. */
export interface DeadlineNotes {
  /** Time passes for them that counts against nobody, or they were well and are not: their deadline begins now. */
  readonly anew: readonly string[];
  /** They are well in time. */
  readonly well: readonly string[];
  /** They are not any more. */
  readonly unsettled: readonly string[];
}

/** What else is known when deadlines are noted. Times are in milliseconds. */
export interface DeadlineLook {
  /** Those for whom time passes that counts against nobody. */
  readonly heldUp: readonly string[];
  readonly deadlineMs: number;
  readonly now: number;
}

/**
 * Notes who met his deadline, and for whom it begins anew. Whose deadline began anew has to be well for as long as one
 * before he is given another: what comes and goes is not well.
 */
export function deadlineNotes(
  phases: readonly PhasedCluster[],
  { heldUp, deadlineMs, now }: DeadlineLook,
): DeadlineNotes {
  const namesOf = (isIt: (each: PhasedCluster) => boolean) => phases.filter(isIt).map(({ cluster }) => cluster);
  const isLasting = ({ renewed, healthySince }: PhasedCluster) =>
    healthySince !== undefined && (!renewed || healthySince + deadlineMs <= now);
  const unsettled = namesOf(
    ({ phase, wasWell, unreported }) => wasWell === true && !unreported && unwellPhases.has(phase),
  );
  return {
    anew: [...new Set([...heldUp, ...unsettled])],
    well: namesOf((each) => !each.wasWell && wellPhases.has(each.phase) && isLasting(each)),
    unsettled,
  };
}

const wellPhases: ReadonlySet<ClusterPhase> = new Set(['Soaking', 'Done']);
const unwellPhases: ReadonlySet<ClusterPhase> = new Set(['UnderWay', 'Failing']);
