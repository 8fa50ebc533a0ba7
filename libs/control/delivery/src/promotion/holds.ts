import { isoTime } from '@flotilla/foundation';
import { shortCommit } from '@flotilla/model';
import type { ReleaseFacts } from '../facts.ts';
import type { HoldFacts } from './promotion-facts.ts';
import type { GateWait, StageHold, StageName } from './stage-standing.ts';

interface FollowingStage extends StageName {
  readonly after: readonly string[];
}

/** What people hold a release back by: before a stage that they hold, and before every one that comes after it. */
export function heldWaits(
  release: ReleaseFacts,
  { application, environment, after }: FollowingStage,
  { holds, now }: { readonly holds: readonly HoldFacts[]; readonly now: Date },
): GateWait[] {
  const standing = holds.filter((hold) => !isLapsed(hold, now) && isAbout(hold, release));
  return standing
    .filter((hold) => hold.environment === environment || after.includes(hold.environment))
    .map(({ digest, environment: held, who, reason, at, expiresAt }) => ({
      gate: 'hold',
      blockedBy: `${who} holds ${digest === undefined ? held : `it in ${held}`}: ${reason}`,
      since: isoTime(at.getTime()),
      whoCanAct: `whoever may run: flotilla unhold ${application}.${held} --reason WHY`,
      ...(expiresAt && { nextTry: isoTime(expiresAt.getTime()) }),
    }));
}

/** What is held in a stage, as people are shown it, whether anything waits for it or not. */
export function stageHolds(environment: string, holds: readonly HoldFacts[], now: Date): StageHold[] {
  return holds
    .filter((hold) => hold.environment === environment && !isLapsed(hold, now))
    .map(({ revision, who, reason, at, expiresAt }) => ({
      who,
      reason,
      since: isoTime(at.getTime()),
      ...(revision && { revision }),
      ...(expiresAt && { until: isoTime(expiresAt.getTime()) }),
    }));
}

/** Whether a hold has come to its end by itself. */
export function isLapsed({ expiresAt }: HoldFacts, now: Date): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

/** What a hold is on, for people. */
export function heldText({ environment, revision }: Pick<HoldFacts, 'environment' | 'revision'>): string {
  return revision ? `${shortCommit(revision)} in ${environment}` : environment;
}

function isAbout({ digest, environment }: HoldFacts, { digests }: ReleaseFacts): boolean {
  return digest === undefined || digests[environment] === digest;
}
