import { describe, expect, it } from 'vitest';
import { advanceRollout } from './advance-rollout.ts';
import type { ClusterEvidence, RolloutCourse, WaveVerdict } from './rollout-course.ts';

const now = 1_000_000;
const failed = { code: 'Degraded', message: 'it crashes' };

/** `a b` are the first wave, `c d` the second. */
const course: RolloutCourse = {
  state: 'Running',
  waves: [
    { name: 'canary', clusters: ['a', 'b'], minSuccessMs: 1_000 },
    { name: 'rest', clusters: ['c', 'd'], minSuccessMs: 0 },
  ],
  offline: 'skipAndCatchUp',
  failuresMax: 0,
  deadlineMs: 60_000,
};

const begun = { admittedAt: now - 10_000 };
const well = { ...begun, healthySince: now - 5_000 };
const soaking = { ...begun, healthySince: now - 400 };
const bad = { ...begun, failed };
const late = { admittedAt: now - 60_000 };
const away = { awaySince: now - 2_000 };
const frozen = { ...away, frozen: true };

type Seen = Partial<Record<'a' | 'b' | 'c' | 'd', Omit<ClusterEvidence, 'cluster'>>>;

/** What is to be done, in words: `c d; Running`, with why nobody is admitted and when time alone changes something. */
function told(seen: Seen, over: Partial<RolloutCourse> = {}): string {
  const evidence = ['a', 'b', 'c', 'd'].map((cluster) => ({ cluster, ...seen[cluster as 'a'] }));
  const { admit, state, wave, blocked, nextLook } = advanceRollout({ ...course, ...over }, evidence, now);
  const look = nextLook === undefined ? [] : [`look in ${nextLook - now}`];
  return [admit.join(' '), `${state} ${wave}`, ...(blocked ? [blocked.code] : []), ...look].join('; ');
}

describe('who takes a release next', () => {
  it.each<[string, Seen, string]>([
    ['the first wave, at once where nothing limits it', {}, 'a b; Running 0'],
    ['nobody else while one of it is under way', { a: well, b: begun }, '; Running 0; WaveUnderWay; look in 50000'],
    [
      'nor while one of it has not been well for long enough',
      { a: well, b: soaking },
      '; Running 0; WaveSoaking; look in 600',
    ],
    ['the next wave once all of it are well', { a: well, b: well }, 'c d; Running 1'],
    ['all are well', { a: well, b: well, c: well, d: well }, '; Finished 2'],
    ['one fails, and none may', { a: well, b: bad }, '; Halted 0; FailuresExceeded; look in 50000'],
    ['one is too late, and none may', { a: well, b: late }, '; Halted 0; FailuresExceeded'],
    [
      'one of an earlier wave is not well any more: the next one waits',
      { a: well, b: begun, c: well },
      '; Running 0; WaveUnderWay; look in 50000',
    ],
    ['one that was never admitted fails nobody', { a: away, b: well }, 'c d; Running 1'],
    ['one that is away is passed by', { a: { ...begun, ...away }, b: well }, 'c d; Running 1'],
    ['but somebody of a wave has to be well', { a: away, b: away }, '; Running 0; ClustersAway'],
    ['it catches up when it is back, before the others', { a: well, c: begun, d: well }, 'b; Running 0; look in 50000'],
    [
      'what it could not do while it was away is not held against it',
      { a: { ...late, backSince: now - 1_000 }, b: well },
      '; Running 0; WaveUnderWay; look in 59000',
    ],
    [
      'well until it went away is well',
      { a: { ...well, awaySince: now - 100 }, b: { ...well, awaySince: now - 100 } },
      'c d; Running 1',
    ],
    [
      'well for too short a time until it went away is nothing',
      { a: { ...well, awaySince: now - 4_500 }, b: well },
      'c d; Running 1',
    ],
    [
      'what it said before it went away counts against it',
      { a: { ...bad, ...away }, b: well },
      '; Halted 0; FailuresExceeded; look in 50000',
    ],
    [
      'what crashed before is seen for a moment',
      { a: { ...begun, failed: { ...failed, since: now - 4_000 } }, b: well },
      '; Running 0; WaveUnderWay; look in 6000',
    ],
    [
      'and counts when it stays',
      { a: { ...begun, failed: { ...failed, since: now - 10_000 } }, b: well },
      '; Halted 0; FailuresExceeded; look in 50000',
    ],
    [
      'one that a freeze holds is waited for, however late it is',
      { a: { ...late, withheld: true }, b: well },
      '; Running 0; WaveUnderWay',
    ],
    ['a person passes one by', { a: { ...bad, skipped: true }, b: well }, 'c d; Running 1'],
    ['a person passes a whole wave by', { a: { skipped: true }, b: { skipped: true } }, 'c d; Running 1'],
    ['a person has seen that one failed', { a: { ...bad, forgiven: true }, b: well }, 'c d; Running 1'],
    [
      'what all of them failed at is not for the next wave either',
      { a: { ...bad, forgiven: true }, b: { ...bad, forgiven: true } },
      'c d; Running 1',
    ],
  ])('%s', (_what, seen, expected) => {
    expect(told(seen)).toBe(expected);
  });

  it('a cluster that left the environment counts for nothing', () => {
    const left = advanceRollout(course, [{ cluster: 'a', ...well }, { cluster: 'd' }], now);
    expect(left).toEqual({ admit: ['d'], state: 'Running', wave: 1 });
  });

  it.each<[string, Partial<RolloutCourse>, Seen, string]>([
    ['one at a time', { atOnce: 1 }, {}, 'a; Running 0'],
    [
      'one at a time, and what soaks is under way',
      { atOnce: 1 },
      { a: soaking },
      '; Running 0; WaveSoaking; look in 600',
    ],
    ['two at a time, one of which is still under way', { atOnce: 2 }, { a: begun }, 'b; Running 0; look in 50000'],
    [
      'one at a time in its own wave',
      { waves: [{ ...course.waves[0]!, atOnce: 1 }, course.waves[1]!] },
      {},
      'a; Running 0',
    ],
    ['a failure within the budget', { failuresMax: 1 }, { a: well, b: bad }, 'c d; Running 1; look in 50000'],
    [
      'but not within that of its wave',
      { failuresMax: 1, waves: [{ ...course.waves[0]!, failuresMax: 0 }, course.waves[1]!] },
      { a: well, b: bad },
      '; Halted 0; FailuresExceeded; look in 50000',
    ],
    [
      'a wave in which nobody succeeded, whatever the budget',
      { failuresMax: 4 },
      { a: late, b: { ...begun, failed: { ...failed, isFinal: true } } },
      '; Halted 0; NoSuccess',
    ],
    [
      'what failed for good within the budget does not keep it open',
      { failuresMax: 1 },
      { a: well, b: late, c: well, d: well },
      '; Finished 2',
    ],
    [
      'what may yet become well does',
      { failuresMax: 1 },
      { a: well, b: bad, c: well, d: well },
      '; Running 2; look in 50000',
    ],
    ['everybody waits for one that is away', { offline: 'wait' }, { a: well, b: away }, '; Running 0; ClustersAway'],
    ['and holds its place', { offline: 'wait', atOnce: 1 }, { a: { ...begun, ...away } }, '; Running 0; ClustersAway'],
    ['going back, a wave that is away holds nobody up', { offline: 'passBy' }, { a: away, b: away }, 'c d; Running 1'],
    ['nor is it waited for', { offline: 'passBy' }, { a: well, b: well, c: away, d: away }, '; Finished 2'],
    ['nor one that is frozen', { offline: 'passBy' }, { a: frozen, b: frozen }, 'c d; Running 1'],
    [
      'but that has its turn when the freeze ends, and not all at once',
      { offline: 'passBy' },
      { a: well, b: well, c: frozen, d: frozen },
      '; Running 1; ClustersAway',
    ],
    [
      'unless somebody of it has gone back already',
      { offline: 'passBy' },
      { a: well, b: frozen, c: well, d: well },
      '; Finished 2',
    ],
    ['nobody while it is paused', { state: 'Paused' }, { a: well, b: well }, '; Paused 1'],
    ['nobody once it is halted', { state: 'Halted' }, { a: well, b: well }, '; Halted 1'],
    [
      'what is halted stays in the wave that failed, whoever else of it is well',
      { state: 'Halted' },
      { a: well, b: bad },
      '; Halted 0; look in 50000',
    ],
    [
      'what is halted and became well all the same is finished',
      { state: 'Halted' },
      { a: well, b: well, c: well, d: well },
      '; Finished 2',
    ],
    ['nobody once it is aborted', { state: 'Aborted' }, { a: well, b: well, c: well, d: well }, '; Aborted 2'],
    ['nobody once something newer took its place', { state: 'Superseded' }, {}, '; Superseded 0'],
  ])('%s', (_what, over, seen, expected) => {
    expect(told(seen, over)).toBe(expected);
  });

  const gates = [{ approval: { users: ['eve'], count: 1 } }];
  const gated = { waves: [course.waves[0]!, { ...course.waves[1]!, gates }] };
  const waits = [{ gate: 'approval of eve', blockedBy: '0 of 1 approvals' }];
  const says = (verdict: WaveVerdict) => ({ ...gated, verdicts: new Map([['rest', verdict]]) });
  const closed = says({ waits, passed: [] });

  it.each<[string, Partial<RolloutCourse>, Seen, string]>([
    [
      'before its turn nobody asks for the gates of a wave',
      closed,
      { a: well, b: begun },
      '; Running 0; WaveUnderWay; look in 50000',
    ],
    ['the wave before is well, and its gates let nobody in', closed, { a: well, b: well }, '; Running 1; WaveGated'],
    ['its gates were not asked', gated, { a: well, b: well }, '; Running 1; WaveGated'],
    [
      'its gates let the release in',
      says({ waits: [], passed: ['approval of eve'] }),
      { a: well, b: well },
      'c d; Running 1',
    ],
    [
      'what has begun goes on, whatever its gates say',
      closed,
      { a: well, b: well, c: begun },
      'd; Running 1; look in 50000',
    ],
    [
      'one of the wave before was well, and is unsettled long after its deadline',
      {},
      { a: well, b: { admittedAt: now - 600_000, wasWell: true } },
      '; Running 0; WaveUnderWay',
    ],
    [
      'one was well, and what it says now is that it fails',
      {},
      { a: well, b: { ...bad, wasWell: true } },
      '; Halted 0; FailuresExceeded',
    ],
    [
      'one of the wave before has yet to say new settings, long after its deadline',
      {},
      { a: well, b: { admittedAt: now - 600_000, unreported: true } },
      '; Running 0; WaveUnderWay',
    ],
    [
      'what has begun goes on, also where who began it has left',
      { ...closed, begun: new Set(['rest']) },
      { a: well, b: well },
      'c d; Running 1',
    ],
    [
      'nobody of it is left who could wait',
      closed,
      { a: well, b: well, c: { skipped: true }, d: { skipped: true } },
      '; Finished 2',
    ],
    ['all of it are away', closed, { a: well, b: well, c: away, d: away }, '; Running 1; ClustersAway'],
    [
      'one of the wave before is not well any more',
      closed,
      { a: well, b: bad },
      '; Halted 0; FailuresExceeded; look in 50000',
    ],
    ['it was paused', { ...closed, state: 'Paused' }, { a: well, b: well }, '; Paused 1'],
    [
      'a gate opens by time alone',
      says({ waits, passed: [], lookAt: now + 900 }),
      { a: well, b: well },
      '; Running 1; WaveGated; look in 900',
    ],
    [
      'a gate of the first wave',
      {
        waves: [{ ...course.waves[0]!, gates }, course.waves[1]!],
        verdicts: new Map([['canary', { waits, passed: [] }]]),
      },
      {},
      '; Running 0; WaveGated',
    ],
  ])('%s', (_what, over, seen, expected) => {
    expect(told(seen, over)).toBe(expected);
  });

  it('has somebody asked before the wave whose turn it is, and before no other', () => {
    const asks = [{ url: 'https://ci.example.org/', secret: 'ci' }];
    const asking = { ...course, ...says({ waits, passed: [], asks }) };
    const seenBy = (b: Omit<ClusterEvidence, 'cluster'>) =>
      [well, b].map((seen, index) => ({ cluster: 'ab'[index]!, ...seen }));
    expect([well, begun].map((b) => advanceRollout(asking, [...seenBy(b), { cluster: 'c' }], now).asks)).toEqual([
      asks,
      undefined,
    ]);
  });

  it('says what a wave waits for', () => {
    const evidence = ['a', 'b'].map((cluster) => ({ cluster, ...well }));
    const { blocked } = advanceRollout({ ...course, ...closed }, [...evidence, { cluster: 'c' }], now);
    expect(blocked).toEqual({
      code: 'WaveGated',
      message: 'wave rest waits for approval of eve (0 of 1 approvals)',
    });
  });

  it('says how much failed where', () => {
    const evidence = ['a', 'b'].map((cluster) => ({ cluster, ...bad }));
    expect(advanceRollout({ ...course, failuresMax: 1 }, evidence, now).blocked).toEqual({
      code: 'FailuresExceeded',
      message: '2 failed, and at most 1 of the rollout may',
    });
  });
});
