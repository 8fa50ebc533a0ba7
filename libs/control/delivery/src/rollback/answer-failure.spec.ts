import { describe, expect, it } from 'vitest';
import { freezeFacts } from '../testing/delivery-facts.ts';
import { digestOfRelease, entryOfRelease, historyOf, minute, run, type HistoryOf } from '../testing/rollback-facts.ts';
import { decideAnswer } from './answer-failure.ts';
import { movesOf } from './resolve-rollback.ts';
import type { FailedRollout } from './rollback-facts.ts';

const failed: FailedRollout = {
  uid: 'into-r3',
  environment: 'dev',
  release: 'r3',
  lastAdmittedAt: minute(0),
  isAnswered: false,
  answersOfHour: 0,
};
const runs = ['t1', 't2', 't3'].flatMap((target) => [run(target, 1, 0), run(target, 2, 10)]);
const breakGlass = {
  by: 'user:ann',
  reason: 'hotfix',
  since: minute(0).toISOString(),
  expires: minute(60).toISOString(),
  sourceDigest: digestOfRelease(3),
};
const sick = { health: 'Degraded' as const };

/** `r3` failed on `t1`; the two others have `r2`. */
function decide(over: Partial<FailedRollout> = {}, history: HistoryOf = {}) {
  const decided = decideAnswer(
    { ...failed, ...over },
    historyOf({
      clusters: 3,
      runs,
      now: { t1: sick },
      ...history,
      target: (one) => {
        const stands = one.uid === 't1' ? one : { ...one, entry: entryOfRelease(2, one.uid) };
        return history.target?.(stands) ?? stands;
      },
      delivery: { now: minute(30), ...history.delivery },
    }),
  );
  if (!decided.ok) return decided.reason.code;
  const [place] = decided.value.places;
  return [place!.to?.release.uid, movesOf(place!).map(({ target }) => target.uid), place!.leaves, place!.isWhole];
}

describe('what failed is taken back by itself', () => {
  it('where it was taken and nowhere else, to what was good there, and enters nowhere any more', () => {
    expect(decide()).toEqual(['r2', ['t1'], ['digest-3-dev'], true]);
  });

  it.each<[string, Partial<FailedRollout>, HistoryOf, string]>([
    ['a second time', { isAnswered: true }, {}, 'AnsweredBefore'],
    ['for the fourth time within an hour', { answersOfHour: 3 }, {}, 'TooOften'],
    ['long after it was taken', { lastAdmittedAt: minute(-31) }, {}, 'TooLate'],
    ['where others fail as well', {}, { now: { t1: sick, t2: sick } }, 'OthersUnwell'],
    ['where nothing before it was good', {}, { runs: [] }, 'NothingGood'],
    [
      'when nobody runs it any more',
      {},
      { now: {}, target: (one) => ({ ...one, entry: entryOfRelease(2, one.uid) }) },
      'NobodyRunsIt',
    ],
    ['under a freeze', {}, { delivery: { freezes: [freezeFacts('sale')] } }, 'Frozen'],
    [
      'under a freeze whose glass was broken for what failed',
      {},
      {
        delivery: { freezes: [freezeFacts('sale')] },
        target: (one) => ({ ...one, entry: { ...one.entry, breakGlass } }),
      },
      'Frozen',
    ],
    [
      'away from a definition of what is stored',
      {},
      { now: { t1: { ...sick, irreversible: ['CustomResourceDefinition things.example.org'] } } },
      'KeepsData',
    ],
  ])('but not %s', (_what, over, history, expected) => {
    expect(decide(over, history)).toBe(expected);
  });

  it.each([
    ['three times within an hour', { answersOfHour: 2 }],
    ['within the hour', { lastAdmittedAt: minute(-30) }],
  ])('even %s', (_what, over) => {
    expect(decide(over)).toEqual(['r2', ['t1'], ['digest-3-dev'], true]);
  });
});
