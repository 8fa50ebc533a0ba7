import { isOpenRollout, shortCommit } from '@flotilla/model';
import type { ReleaseFacts } from '../facts.ts';
import type { PastRollout } from './promotion-facts.ts';

/** What is known of releases on their way through a pipeline. */
export interface Walk {
  /** Newest first. */
  readonly releases: readonly ReleaseFacts[];
  /** Newest first. */
  readonly past: readonly PastRollout[];
  /** What enters stages in this very plan, by environment. */
  readonly entering: ReadonlyMap<string, ReleaseFacts>;
}

/** Whether a release has been through a stage: it was well there, it may yet be, or it never will. */
export type StageVisit =
  | { readonly kind: 'finished'; readonly at: Date; readonly wellSince: Date; readonly until?: Date }
  | { readonly kind: 'coming'; readonly blockedBy: string; readonly since?: Date }
  | { readonly kind: 'never'; readonly why: string };

/**
 * Whether a release finished in an environment. One that changes nothing there never enters: then the newest one before
 * it that did speaks for it, if the inputs are the same. What was taken back there counts for nobody.
 */
export function finishedIn(environment: string, release: ReleaseFacts, walk: Walk): StageVisit {
  const digest = release.digests[environment];
  if (digest === undefined) return { kind: 'never', why: `has no inputs for ${environment} at its commit` };
  const carrier = carrierOf(environment, release, walk);
  if (carrier?.digests[environment] !== digest) return notYetIn(environment, release, walk);
  return visitOf(environment, carrier, walk);
}

/** The newest release that entered an environment and is no newer than this one. */
function carrierOf(environment: string, release: ReleaseFacts, walk: Walk): ReleaseFacts | undefined {
  const place = placeOf(release.uid, walk);
  return walk.releases.slice(place).find(({ uid }) => hasEntered(environment, uid, walk));
}

/** Whether a release ever entered an environment, or does in this plan. */
export function hasEntered(environment: string, uid: string, { past, entering }: Walk): boolean {
  if (entering.get(environment)?.uid === uid) return true;
  return past.some((rollout) => rollout.environment === environment && rollout.release === uid);
}

/** It has inputs of its own there, so it has to go there itself; unless something newer did, which it cannot come after. */
function notYetIn(environment: string, release: ReleaseFacts, walk: Walk): StageVisit {
  const place = placeOf(release.uid, walk);
  const newer = walk.releases.slice(0, place).findLast(({ uid }) => hasEntered(environment, uid, walk));
  if (!newer) return { kind: 'coming', blockedBy: `it has not entered ${environment} yet` };
  return { kind: 'never', why: `was passed over: ${environment} went on to ${shortCommit(newer.revision)}` };
}

function visitOf(environment: string, { uid, revision }: ReleaseFacts, { past, entering }: Walk): StageVisit {
  const here = past.filter((rollout) => rollout.environment === environment);
  const [latest] = here.filter(({ release }) => release === uid);
  if (entering.get(environment)?.uid === uid) return comingTo(environment, revision, undefined);
  if (latest && isOpenRollout(latest.state)) return comingTo(environment, revision, latest);
  const place = here.findIndex(({ release, state }) => release === uid && state === 'Finished');
  const finished = here[place];
  if (!finished?.finishedAt) return { kind: 'never', why: `was replaced in ${environment} before it had arrived` };
  return afterFinish({ environment, finished, at: finished.finishedAt, next: here[place - 1] });
}

interface Finish {
  readonly environment: string;
  readonly finished: PastRollout;
  readonly at: Date;
  /** What came after it. */
  readonly next: PastRollout | undefined;
}

function afterFinish({ environment, finished: { wellSince, forNobody }, at, next }: Finish): StageVisit {
  if (next?.cause === 'rollback') return { kind: 'never', why: `was taken back in ${environment}` };
  if (forNobody) return { kind: 'never', why: `was well on nobody in ${environment}` };
  if (wellSince) return { kind: 'finished', at, wellSince, ...(next && { until: next.beganAt }) };
  if (next) return { kind: 'never', why: `was not well in ${environment} when the next one came` };
  return { kind: 'coming', blockedBy: `it is Degraded in ${environment}` };
}

function comingTo(environment: string, revision: string, rollout: PastRollout | undefined): StageVisit {
  const blockedBy = `${shortCommit(revision)} ${rollout?.failing ? 'is not well' : 'is on its way'} in ${environment}`;
  return { kind: 'coming', blockedBy, ...(rollout && { since: rollout.beganAt }) };
}

/** How many releases are newer; one that is not known is older than all. */
export function placeOf(uid: string | undefined, { releases }: Pick<Walk, 'releases'>): number {
  const place = releases.findIndex((release) => release.uid === uid);
  return place === -1 ? releases.length : place;
}
