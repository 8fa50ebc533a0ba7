import { done, refused, type Ids, type Outcome } from '@flotilla/foundation';
import { intentOf, type HealthStatus, type Reason } from '@flotilla/model';
import type { TargetFacts } from '../facts.ts';
import { targetsOf } from './good-releases.ts';
import { goesBack, planRollback } from './plan-rollback.ts';
import { movesOf, resolveRollback, type ResolvedRollback, type RollbackPlace } from './resolve-rollback.ts';
import type { ApplicationHistory, FailedRollout } from './rollback-facts.ts';
import type { RollbackRecord } from './rollback-record.port.ts';

/** A failure that comes later than this after somebody took the release is seldom its own. */
const windowMs = 3_600_000;
/** An environment in which more than this fails within an hour has another trouble than its releases. */
const answersOfHourMax = 3;

/**
 * Takes a rollout back that failed, by the order that a person would give; or writes down why it does not, and it stays
 * halted until one comes. Gives the uid of the rollback.
 */
export function answerFailure(
  { record, ids }: { readonly record: RollbackRecord; readonly ids: Ids },
  rollout: string,
): Promise<string | undefined> {
  const plan = (resolved: ResolvedRollback, mark: Parameters<typeof planRollback>[1]) =>
    planRollback(resolved, mark, ids);
  return record.answerFailure(rollout, { decide: decideAnswer, plan });
}

/**
 * Whether what failed is taken back by itself, within the limits of an automatic action; or why not, for the person who
 * is called. It goes for all that run the failed release and for nobody else, and only to what was good there.
 */
export function decideAnswer(failed: FailedRollout, history: ApplicationHistory): Outcome<ResolvedRollback, Reason> {
  const limit = [isOnceOnly, isRare, isSoon, isAlone].flatMap((limited) => limited(failed, history) ?? [])[0];
  if (limit) return refused(limit);
  const resolved = resolveRollback(
    { applications: [history] },
    { selection: selectionOf(failed, history), to: 'previous-good', atOnce: false },
  );
  const [place] = resolved.places;
  const hindrance = place ? hindranceOf(place) : nobodyRunsIt;
  if (hindrance) return refused(hindrance);
  // What failed in a part of an environment enters the rest of it no more either.
  return done({ ...resolved, places: resolved.places.map((each) => ({ ...each, isWhole: true })) });
}

/** What an answer to a failure is for. */
export function selectionOf({ environment, release }: FailedRollout, { delivery }: ApplicationHistory) {
  return { application: delivery.application.name, environment, release };
}

type Limit = (failed: FailedRollout, history: ApplicationHistory) => Reason | undefined;

const isOnceOnly: Limit = ({ isAnswered }) =>
  isAnswered ? { code: 'AnsweredBefore', message: 'this release was taken back by itself here once' } : undefined;

const isRare: Limit = ({ environment, answersOfHour }) => {
  if (answersOfHour < answersOfHourMax) return undefined;
  const message = `${answersOfHour} releases were taken back by themselves in ${environment} within the hour`;
  return { code: 'TooOften', message };
};

const isSoon: Limit = ({ lastAdmittedAt }, { delivery: { now } }) => {
  if (!lastAdmittedAt || now.getTime() - lastAdmittedAt.getTime() <= windowMs) return undefined;
  return { code: 'TooLate', message: 'it failed more than an hour after the last cluster took it' };
};

/** Where those that the release did not reach fail as well it is not its fault, and going back does not help. */
const isAlone: Limit = ({ environment, release }, { delivery, now }) => {
  const isUnwell = ({ uid, entry }: TargetFacts) =>
    intentOf(entry) === 'run' && entry.release !== release && failing.has(now.get(uid)?.health ?? 'Unknown');
  const { length } = targetsOf(delivery.targets, environment).filter(isUnwell);
  if (length === 0) return undefined;
  return { code: 'OthersUnwell', message: `${length} that it did not reach are not well either` };
};

const failing: ReadonlySet<HealthStatus> = new Set(['Degraded', 'Missing']);

const nobodyRunsIt: Reason = { code: 'NobodyRunsIt', message: 'nobody runs it any more' };

/** What only a person may decide although there is a way back. */
function hindranceOf(place: RollbackPlace): Reason | undefined {
  const frozen = place.excluded.find(({ reason }) => reason.code === 'Frozen');
  return place.problem ?? frozen?.reason ?? definitionKept(place) ?? (goesBack(place) ? undefined : nobodyRunsIt);
}

/** Older code over objects whose definition the failed release may have changed reads what it does not know. */
function definitionKept(place: RollbackPlace): Reason | undefined {
  const kept = movesOf(place).flatMap(({ target }) => place.history.now.get(target.uid)?.irreversible ?? []);
  const definition = kept.find((name) => name.startsWith('CustomResourceDefinition '));
  if (!definition) return undefined;
  return { code: 'KeepsData', message: `${definition} is part of it, and what is stored under it does not go back` };
}
