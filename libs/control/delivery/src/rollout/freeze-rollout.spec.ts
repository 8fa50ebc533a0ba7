import { describe, expect, it } from 'vitest';
import { rolloutStrategySchema } from '@flotilla/model';
import { freezeRollout } from './freeze-rollout.ts';
import type { WaveCandidate } from './spread.ts';

const minute = 60_000;

function cluster(name: string, labels: WaveCandidate['labels'] = {}, facts?: WaveCandidate['facts']): WaveCandidate {
  return { uid: name, name, labels, facts };
}

/** `a1 … a4` in eu, `b1 b2` in us: in any order, as the database returns them. */
const six = ['b2', 'a1', 'a4', 'b1', 'a3', 'a2'].map((name) =>
  cluster(name, { region: name[0] === 'a' ? 'eu' : 'us' }),
);

/** Which clusters go in which wave, in words: `canary: a1 b1 | rest: a2`. */
function told(waves: readonly unknown[], clusters: readonly WaveCandidate[] = six): string {
  const frozen = freezeRollout(rolloutStrategySchema.parse({ waves }), undefined, clusters);
  return frozen.waves.map(({ name, clusters: chosen }) => `${name}: ${chosen.join(' ')}`).join(' | ');
}

describe('the waves of a rollout', () => {
  it.each<[string, readonly unknown[], string]>([
    ['a number of clusters, by name', [{ name: 'canary', take: 2 }], 'canary: a1 a2 | rest: a3 a4 b1 b2'],
    ['a share of all, rounded up', [{ name: 'some', take: '25%' }], 'some: a1 a2 | rest: a3 a4 b1 b2'],
    [
      'shares are of all, not of what is left',
      [
        { name: 'half', take: '50%' },
        { name: 'more', take: '50%' },
      ],
      'half: a1 a2 a3 | more: a4 b1 b2',
    ],
    ['those with a label', [{ name: 'us', match: { matchLabels: { region: 'us' } } }], 'us: b1 b2 | rest: a1 a2 a3 a4'],
    [
      'in turns over the values of a label',
      [{ name: 'canary', take: 3, spreadBy: ['region'] }],
      'canary: a1 b1 a2 | rest: a3 a4 b2',
    ],
    [
      'what no wave takes is the last one, under a name that is free',
      [{ name: 'rest', take: 5 }],
      'rest: a1 a2 a3 a4 b1 | remaining: b2',
    ],
    [
      'a wave that nobody fits is there all the same',
      [{ name: 'none', match: { matchLabels: { region: 'mars' } } }],
      'none:  | rest: a1 a2 a3 a4 b1 b2',
    ],
  ])('%s', (_what, waves, expected) => {
    expect(told(waves)).toBe(expected);
  });

  it('are one for all where nothing is said', () => {
    expect(freezeRollout(rolloutStrategySchema.parse({}), undefined, six)).toEqual({
      waves: [{ name: 'rest', clusters: ['a1', 'a2', 'a3', 'a4', 'b1', 'b2'], minSuccessMs: 0 }],
      offline: 'skipAndCatchUp',
      failuresMax: 0,
      deadlineMs: 15 * minute,
    });
  });

  it('can stand for the fleet: each next cluster brings what none before it has, and what is left out is named', () => {
    const of = (kubernetesVersion: string, provider: string, nodes: number) => ({
      kubernetesVersion,
      provider,
      nodes,
      agentVersion: '0.2.0',
    });
    const fleet = [
      cluster('a', {}, of('v1.33.2', 'aws', 2)),
      cluster('b', {}, of('v1.33.4', 'aws', 2)),
      cluster('c', {}, of('v1.34.0', 'gcp', 40)),
      cluster('d', {}, of('v1.34.1', 'bare', 2)),
      cluster('e', {}, of('v1.32.0', 'aws', 2)),
    ];
    const strategy = rolloutStrategySchema.parse({ waves: [{ name: 'canary', take: 3, spreadBy: 'facts' }] });
    expect(freezeRollout(strategy, undefined, fleet).waves[0]).toEqual({
      name: 'canary',
      clusters: ['a', 'c', 'd'],
      minSuccessMs: 0,
      uncovered: ['kubernetes 1.32'],
    });
    expect(told([{ name: 'canary', take: 5, spreadBy: 'facts' }], fleet)).toBe('canary: a c d e b');
  });
});

describe('the limits of a rollout', () => {
  const strategy = rolloutStrategySchema.parse({
    waves: [{ name: 'canary', take: 2, minSuccessTime: '30m', maxFailures: '50%', maxConcurrency: 1 }],
    maxConcurrency: '25%',
    maxFailures: '30%',
    progressDeadline: '10m',
    offline: 'wait',
  });

  it('are numbers from its beginning: a wave is rounded up, a budget down', () => {
    expect(freezeRollout(strategy, undefined, six)).toEqual({
      waves: [
        { name: 'canary', clusters: ['a1', 'a2'], minSuccessMs: 30 * minute, failuresMax: 1, atOnce: 1 },
        { name: 'rest', clusters: ['a3', 'a4', 'b1', 'b2'], minSuccessMs: 0 },
      ],
      offline: 'wait',
      atOnce: 2,
      failuresMax: 1,
      deadlineMs: 10 * minute,
    });
  });

  it('are made narrower by an application and never wider', () => {
    const narrowed = (narrowing: Parameters<typeof freezeRollout>[1]) => {
      const { waves, atOnce, failuresMax, deadlineMs } = freezeRollout(strategy, narrowing, six);
      return { atOnce, failuresMax, deadlineMs, soak: waves.map(({ minSuccessMs }) => minSuccessMs / minute) };
    };
    const narrow = { maxConcurrency: 1, maxFailures: 0, progressDeadline: '5m', minSuccessTime: '1h' };
    const wide = { maxConcurrency: 6, maxFailures: 6, progressDeadline: '1h', minSuccessTime: '1m' };
    expect([narrowed(narrow), narrowed(wide)]).toEqual([
      { atOnce: 1, failuresMax: 0, deadlineMs: 5 * minute, soak: [60, 60] },
      { atOnce: 2, failuresMax: 1, deadlineMs: 10 * minute, soak: [30, 1] },
    ]);
  });

  it('let one be under way however few there are', () => {
    expect(freezeRollout(strategy, undefined, six.slice(0, 1)).atOnce).toBe(1);
  });
});
