import { done, refused, type Outcome } from '@flotilla/foundation';
import { shortCommit, type Reason, type RollbackGoal } from '@flotilla/model';
import type { ReleaseFacts } from '../facts.ts';
import { isNamed } from '../named-release.ts';
import { contentOf, type EntryContent } from '../plan/target-content.ts';
import { liftCommand } from '../quarantine.ts';
import { goodReleases } from './good-releases.ts';
import type { RunFacts } from './rollback-facts.ts';
import type { RollbackScope } from './rollback-scope.ts';

/** The release that one place goes back to. */
export interface ChosenRelease {
  readonly release: ReleaseFacts;
  readonly content: EntryContent;
  /** A person named it, although it was not good here. */
  readonly wasNotGood: boolean;
}

/** Chooses, once for an application in an environment, what it goes back to; or says why there is nothing. */
export function chooseRelease(scope: RollbackScope, goal: RollbackGoal): Outcome<ChosenRelease, Reason> {
  const good = goodReleases(scope.history, scope.environment);
  switch (goal.kind) {
    case 'previous-good':
      return previousGood(scope, good);
    case 'named':
      return named(scope, goal.name, good);
    case 'time':
      return thatRanAt(scope, goal.at, good);
  }
}

/** The newest good one before the newest that runs. What is in quarantine, or the same by its digest, is no way back. */
function previousGood(scope: RollbackScope, good: readonly ReleaseFacts[]): Outcome<ChosenRelease, Reason> {
  const { environment, targets } = scope;
  const { releases } = scope.history.delivery;
  const ordered = new Set(targets.map(({ target }) => target.entry.release));
  const newest = releases.findIndex(({ uid }) => ordered.has(uid));
  const leaving = releases[newest]?.digests[environment];
  const before = new Set(releases.slice(newest + 1).map(({ uid }) => uid));
  for (const release of good) {
    const content = contentIn(scope, release);
    const isWayBack = before.has(release.uid) && release.digests[environment] !== leaving;
    if (isWayBack && content && !isQuarantined(scope, content)) return done({ release, content, wasNotGood: false });
  }
  return refused({
    code: 'NothingGood',
    message: `no release before the one that runs was well on most targets of ${environment}; name one with --to`,
  });
}

function named(scope: RollbackScope, name: string, good: readonly ReleaseFacts[]): Outcome<ChosenRelease, Reason> {
  const known = scope.history.delivery.releases.filter(
    (release) => release.digests[scope.environment] !== undefined && isNamed(release, name),
  );
  const release = known.find((each) => good.includes(each)) ?? known[0];
  if (!release) {
    const message = `${scope.environment} knows no release or commit ${name} of it; list them with: flotilla get releases`;
    return refused({ code: 'ReleaseUnknown', message });
  }
  return usable(scope, release, !good.includes(release));
}

/** What most of the selected targets ran then. */
function thatRanAt(scope: RollbackScope, at: Date, good: readonly ReleaseFacts[]): Outcome<ChosenRelease, Reason> {
  const { history, environment, targets } = scope;
  const uids = new Set(targets.map(({ target }) => target.uid));
  const counts = new Map<string, number>();
  for (const run of history.runs) {
    if (uids.has(run.target) && isRunningAt(run, at)) counts.set(run.release, (counts.get(run.release) ?? 0) + 1);
  }
  const [most] = [...counts].toSorted(([, left], [, right]) => right - left);
  const release = history.delivery.releases.find(({ uid }) => uid === most?.[0]);
  if (!release) return refused({ code: 'ReleaseUnknown', message: `nothing is kept of what ${environment} ran then` });
  if (good.includes(release)) return usable(scope, release, false);
  const message = `what ${environment} ran then, ${shortCommit(release.revision)}, was not well on most targets; name it with --to to go back to it all the same`;
  return refused({ code: 'NotGood', message });
}

function isRunningAt({ at, until }: RunFacts, moment: Date): boolean {
  return at <= moment && (until === undefined || until > moment);
}

function usable(scope: RollbackScope, release: ReleaseFacts, wasNotGood: boolean): Outcome<ChosenRelease, Reason> {
  const content = contentIn(scope, release);
  if (!content) {
    const message = `what ${shortCommit(release.revision)} was made of in ${scope.environment} was not kept; revert it in Git`;
    return refused({ code: 'ContentUnknown', message });
  }
  if (isQuarantined(scope, content)) {
    const { name } = scope.history.delivery.application;
    const lifting = liftCommand(name, content.sourceDigest);
    const message = `${shortCommit(release.revision)} is in quarantine; lift that first with: ${lifting}`;
    return refused({ code: 'Quarantined', message });
  }
  return done({ release, content, wasNotGood });
}

/** As it was made; of releases that did not keep that, as it stands on some target. */
function contentIn({ history, environment }: RollbackScope, release: ReleaseFacts): EntryContent | undefined {
  const standing = history.delivery.targets.find(
    ({ environment: where, entry }) => where === environment && entry.release === release.uid,
  );
  return contentOf(release, environment) ?? (standing && contentOfEntry(standing.entry));
}

function contentOfEntry({ release, sourceDigest, source, render }: EntryContent): EntryContent {
  return { release, sourceDigest, source, ...(render && { render }) };
}

function isQuarantined({ history }: RollbackScope, { sourceDigest }: EntryContent): boolean {
  return history.delivery.quarantine.some(({ digest }) => digest === sourceDigest);
}
