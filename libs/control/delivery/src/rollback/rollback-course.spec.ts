import { describe, expect, it } from 'vitest';
import { rolloutStrategySchema } from '@flotilla/model';
import { advanceRollout } from '../rollout/advance-rollout.ts';
import type { ClusterEvidence } from '../rollout/rollout-course.ts';
import { stageFacts } from '../testing/delivery-facts.ts';
import { historyOf, minute, run } from '../testing/rollback-facts.ts';
import { resolveRollback } from './resolve-rollback.ts';
import { rollbackCourse } from './rollback-course.ts';

const clusters = 6;
const runs = Array.from({ length: clusters }, (_, index) => run(`t${index + 1}`, 2, 10));
const unwell = { t1: { health: 'Degraded' as const }, t2: { health: 'Unknown' as const } };

function courseOf(delivery: object = {}, atOnce = false, to = 'previous-good') {
  const history = historyOf({ clusters, runs, now: unwell, delivery });
  const resolved = resolveRollback({ applications: [history] }, { selection: { environment: 'dev' }, to, atOnce });
  return rollbackCourse(resolved.places[0]!, minute(20));
}

/** Clusters by name. */
const named = (uids: readonly string[]) => uids.map((uid) => uid.replace('-uid', ''));

describe('the course of a rollback', () => {
  it('begins with all that are not well, and takes a quarter of the others at a time', () => {
    const { course, admitted } = courseOf();
    expect({
      waves: course.waves.map(({ name, clusters: uids }) => `${name}: ${named(uids).join(' ')}`),
      first: named(admitted),
    }).toEqual({
      waves: ['unhealthy: c1 c2', 'healthy-1: c3', 'healthy-2: c4', 'healthy-3: c5', 'healthy-4: c6'],
      first: ['c1', 'c2'],
    });
  });

  it('takes everybody at the same moment where that is asked for', () => {
    const { course, admitted } = courseOf({}, true);
    expect([course.waves.map(({ name }) => name), admitted.length]).toEqual([['everybody'], clusters]);
  });

  it('counts those that are there already last, and waits for none of them', () => {
    const history = historyOf({ clusters: 2, runs, target: (one) => one });
    const [first, second] = history.delivery.targets;
    const targets = [first!, { ...second!, entry: { ...second!.entry, release: 'r2' } }];
    const delivery = { ...history.delivery, targets };
    const asked = { selection: { environment: 'dev' }, to: '2222222', atOnce: false };
    const { places } = resolveRollback({ applications: [{ ...history, delivery }] }, asked);
    const { course, admitted } = rollbackCourse(places[0]!, minute(20));
    expect([course.waves.map(({ name, mayBeBarren }) => [name, mayBeBarren]), named(admitted)]).toEqual([
      [
        ['healthy-1', undefined],
        ['held', true],
      ],
      ['c1', 'c2'],
    ]);
  });

  it.each([
    ['what its environment says', stageFacts('dev', { rollout: { strategy: strategyOf('5m') } }), 300_000],
    ['what is usual', stageFacts('dev'), 900_000],
  ])('gives each of them %s to become well', (_what, stage, expected) => {
    const current = { rollout: 'into-r3', release: 'r3', running: false };
    expect(courseOf({ stages: [{ ...stage, current }] }).course.deadlineMs).toBe(expected);
  });
});

function strategyOf(progressDeadline: string) {
  return rolloutStrategySchema.parse({ progressDeadline });
}

describe('AT-09: a rollback in waves', () => {
  const { course } = courseOf();
  const took = { admittedAt: 0 };
  const [well, away] = [
    { ...took, healthySince: 1 },
    { ...took, awaySince: 1 },
  ];
  const failing = { ...took, failed: { code: 'CrashLoopBackOff', message: 'it crashes' } };
  const look = (seen: Readonly<Record<string, Omit<ClusterEvidence, 'cluster'>>>, now = 60_000) => {
    const evidence = course.waves.flatMap((wave) =>
      wave.clusters.map((cluster) => ({ cluster, ...seen[named([cluster])[0]!] })),
    );
    const { admit, state, blocked } = advanceRollout({ ...course, state: 'Running' }, evidence, now);
    return [state, named(admit).join(' '), blocked?.code];
  };
  const pastDeadline = 901_000;

  it.each([
    ['goes on when they are well', { c1: well, c2: well }, undefined, ['Running', 'c3', undefined]],
    ['waits for who is under way', { c1: well, c2: took }, undefined, ['Running', '', 'WaveUnderWay']],
    ['goes on past one that stays unwell', { c1: well, c2: failing }, undefined, ['Running', 'c3', undefined]],
    ['is held up by nobody who is not heard', { c1: away, c2: away }, undefined, ['Running', 'c3', undefined]],
    ['does not call silence a success', { c1: away, c2: failing }, undefined, ['Running', '', 'WaveUnderWay']],
    ['halts when nobody became well', { c1: away, c2: failing }, pastDeadline, ['Halted', '', 'NoSuccess']],
    ['halts when a healthy one fails', { c1: well, c2: well, c3: failing }, 60_000, ['Halted', '', 'FailuresExceeded']],
    [
      'passes by a wave of which nobody is heard',
      { c1: well, c2: well, c3: { awaySince: 1 } },
      undefined,
      ['Running', 'c4', undefined],
    ],
  ])('%s', (_what, seen, now, expected) => {
    expect(look(seen as never, now)).toEqual(expected);
  });
});
