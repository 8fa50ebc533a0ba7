import type { ReleaseFacts, TargetFacts } from '../facts.ts';
import type { ApplicationHistory, RunFacts } from './rollback-facts.ts';

/**
 * The releases that were good in one environment, newest first: Healthy on most of the targets that ran them, for as long
 * as they ran there, the last time that they did. One good hour long ago does not speak for what failed yesterday.
 */
export function goodReleases({ delivery, runs }: ApplicationHistory, environment: string): readonly ReleaseFacts[] {
  const here = new Map(targetsOf(delivery.targets, environment).map((target) => [target.uid, target]));
  const votes = new Map<string, Votes>();
  for (const run of newestRuns(runs)) {
    if (here.has(run.target)) vote(votes, run.release, wasGood(run));
  }
  // What finished here was well on all of its targets then; it speaks where the history of a target ends before it.
  const known = new Set(runs.map(({ target, release }) => `${target}/${release}`));
  for (const { uid, lastGood } of here.values()) {
    if (lastGood && !known.has(`${uid}/${lastGood}`)) vote(votes, lastGood, true);
  }
  return delivery.releases.filter(({ uid }) => isMostlyGood(votes.get(uid)));
}

interface Votes {
  readonly ran: number;
  readonly good: number;
}

function vote(votes: Map<string, Votes>, release: string, isGood: boolean): void {
  const { ran, good } = votes.get(release) ?? { ran: 0, good: 0 };
  votes.set(release, { ran: ran + 1, good: good + (isGood ? 1 : 0) });
}

function isMostlyGood(votes: Votes | undefined): boolean {
  return votes !== undefined && votes.good * 2 > votes.ran;
}

/** Well to the end: the health that is kept is the last that was said while it ran. */
function wasGood({ health, healthyAt }: RunFacts): boolean {
  return health === 'Healthy' && healthyAt !== undefined;
}

function newestRuns(runs: readonly RunFacts[]): readonly RunFacts[] {
  const newest = new Map<string, RunFacts>();
  for (const run of runs) {
    const key = `${run.target}/${run.release}`;
    const known = newest.get(key);
    if (!known || known.at < run.at) newest.set(key, run);
  }
  return [...newest.values()];
}

/** The targets of an environment. */
export function targetsOf(targets: readonly TargetFacts[], environment: string): readonly TargetFacts[] {
  return targets.filter((target) => target.environment === environment);
}
