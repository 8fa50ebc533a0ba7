import type { Connection, HealthStatus, Reason, SyncStatus } from '@flotilla/model';
import type { ClusterEvidence } from './rollout-course.ts';

/** What the records say of one cluster of a rollout. Times are in milliseconds. */
export interface StepFacts {
  readonly cluster: string;
  readonly admittedAt?: number;
  readonly skipped?: boolean;
  readonly forgiven?: boolean;
  /** When it was seen to be well, until it is seen not to be. Whoever is let in once more has to become so anew. */
  readonly wellAt?: number;
  /** When its target was last seen to be held back. */
  readonly heldAt?: number;
  readonly connection: Connection;
  readonly lastSeenAt?: number;
  readonly connectedSince?: number;
  /** Its target is to run the release: a plan has told it so. */
  readonly isTold: boolean;
  /** A rollback holds its target at something else: it is passed by until that ends. */
  readonly isPinned?: boolean;
  /** It is to go back, and a freeze keeps it from that. */
  readonly isFrozen?: boolean;
  /** What was last said of its target, once that is to run the release. */
  readonly said?: StepSaid;
}

/** What an agent says of a target that is to run a rollout's release. */
export interface StepSaid {
  /** It is about the very generation that is wanted. */
  readonly isWanted: boolean;
  /** It runs the release, and its apply has ended. */
  readonly isApplied: boolean;
  /** Suspended by an order of a person. */
  readonly isSuspended: boolean;
  readonly sync: SyncStatus;
  readonly health: HealthStatus;
  readonly reason?: Reason | undefined;
  /** When we heard something new of it last, by our own clock: an agent's clock proves nothing. */
  readonly reportedAt: number;
}

/** Reasons that are somebody's will, and no failure of a release. */
const heldBy: readonly string[] = ['Suspended', 'Window'];
/** What ends a sync before anything of the release runs, and what ended it for good although it had. */
const failedBefore: readonly string[] = ['HookFailed', 'Retreated'];

/** What the records of one cluster mean to its rollout. */
export function clusterEvidence(step: StepFacts): ClusterEvidence {
  const { cluster, admittedAt, skipped, forgiven, said } = step;
  const backSince = Math.max(step.connectedSince ?? 0, step.heldAt ?? 0);
  return {
    cluster,
    ...(admittedAt !== undefined && { admittedAt }),
    ...(skipped && { skipped }),
    ...(forgiven && { forgiven }),
    ...(hasBeenWell(step) && { wasWell: true }),
    ...(isWithheld(step) && { withheld: true }),
    ...(isUnreported(step) && { unreported: true }),
    ...(admittedAt !== undefined && (step.heldAt ?? 0) > admittedAt && { renewed: true }),
    ...(step.isFrozen && { frozen: true }),
    ...awayOf(step),
    ...(backSince > 0 && { backSince }),
    ...(admittedAt !== undefined && said?.isWanted && outcomeOf(said)),
  };
}

/** Whether it was seen to be well since its turn came, and not to be unwell after that. */
function hasBeenWell({ admittedAt, wellAt }: Pick<StepFacts, 'admittedAt' | 'wellAt'>): boolean {
  return admittedAt !== undefined && wellAt !== undefined && wellAt >= admittedAt;
}

/** Whether it may be let in: it waits for its turn, is there, and nobody passes it by. */
export function mayBegin(step: StepFacts): boolean {
  const { admittedAt, awaySince, skipped } = clusterEvidence(step);
  return admittedAt === undefined && awaySince === undefined && !skipped;
}

/** Whether somebody holds its target back, so that what it does not do is nobody's failure. */
export function isHeldBack({ said, ...step }: Pick<StepFacts, 'said' | 'isPinned' | 'isFrozen'>): boolean {
  if (step.isPinned || step.isFrozen) return true;
  if (!said || isWell(said)) return false;
  const isHeld = said.isSuspended || (said.reason !== undefined && heldBy.includes(said.reason.code));
  return isHeld || isHeldFrom(said, 'Pinned');
}

/** What held it before, and holds it at what it runs, is no reason why it does not come to the release. */
function isHeldFrom({ isWanted, isApplied, reason }: StepSaid, code: 'Pinned' | 'Frozen'): boolean {
  return reason?.code === code && isWanted && !isApplied;
}

/** Whether time passes for it that counts against nobody: its deadline begins when this ends. */
export function isHeldUp(step: StepFacts): boolean {
  return isHeldBack(step) || isWithheld(step) || isUnreported(step);
}

/** What it last said is that it is well with the release, of settings that were changed since: once for each such word. */
function isUnreported({ admittedAt, isTold, said, heldAt = 0 }: StepFacts): boolean {
  if (admittedAt === undefined || !isTold || !said || said.isWanted) return false;
  return isWell({ ...said, isWanted: true }) && heldAt < said.reportedAt;
}

/** It has its turn, and a freeze came before it was told, or had begun. */
function isWithheld(step: StepFacts): boolean {
  const { admittedAt, isTold, said } = step;
  if (admittedAt === undefined || step.isPinned || step.isFrozen) return false;
  return !isTold || (said !== undefined && isHeldFrom(said, 'Frozen'));
}

/** `Ahead` is heard and sent nothing. While we are deaf ourselves, nobody is called away. */
export function isAway(connection: Connection): boolean {
  return connection !== 'Connected' && connection !== 'Deaf';
}

function awayOf(step: StepFacts): Pick<ClusterEvidence, 'awaySince'> {
  if (isAway(step.connection)) return { awaySince: step.lastSeenAt ?? 0 };
  return isHeldBack(step) ? { awaySince: step.said?.reportedAt ?? 0 } : {};
}

function outcomeOf(said: StepSaid): Pick<ClusterEvidence, 'healthySince' | 'failed'> {
  const { reason, health, isApplied, reportedAt } = said;
  if (isWell(said)) return { healthySince: reportedAt };
  const failed = (isApplied && health === 'Degraded') || (reason && failedBefore.includes(reason.code));
  return failed ? { failed: { ...(reason ?? degraded), since: reportedAt } } : {};
}

/** Health counts only when it was reported for the generation that brought the release, after its apply ended. */
function isWell({ isWanted, isApplied, sync, health }: StepSaid): boolean {
  return isWanted && isApplied && sync === 'Synced' && health === 'Healthy';
}

const degraded: Reason = { code: 'Degraded', message: 'it is not well' };
