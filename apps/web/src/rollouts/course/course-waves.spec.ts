import { describe, expect, it } from 'vitest';
import type { ClusterPhase } from '@flotilla/model';
import { commitOf, targetOf } from '../../mock/factories.ts';
import { rolloutOf } from '../../mock/rollout-factory.ts';
import { courseProgress, courseWaves, failedMembers, membersOf, waveParts, type WaveStanding } from './course-waves.ts';

const wave = (...phases: readonly ClusterPhase[]) => ({
  name: 'canary',
  members: phases.map((phase, index) => ({ cluster: `c${index}`, phase })),
});

const rows: readonly [phases: readonly ClusterPhase[], standing: WaveStanding][] = [
  [['Done', 'Failed', 'UnderWay'], 'failing'],
  [['Done', 'Failing'], 'failing'],
  [['Waiting', 'Soaking'], 'going'],
  [['Done', 'Waiting'], 'going'],
  [['Waiting', 'Away'], 'waiting'],
  [['Done', 'Skipped', 'Forgiven', 'Away'], 'done'],
];

describe('the waves of a rollout', () => {
  it.each(rows)('a wave of %s is %s', (phases, standing) => {
    expect(courseWaves({ waves: [wave(...phases)] })[0]!.standing).toBe(standing);
  });

  it('have what needs somebody first, in their members and in numbers; those that failed stand before all waves', () => {
    const waves = [
      { ...wave('Done', 'Waiting', 'Failing', 'UnderWay', 'Done', 'Failed'), uncovered: ['provider=aws'] },
      { ...wave('Failed'), name: 'rest' },
    ];
    const [first] = courseWaves({ waves });
    const failed = failedMembers({ waves }).map((each) => `${each.cluster} of ${each.wave} ${each.phase}`);
    expect({ first, failed }).toEqual({
      first: {
        name: 'canary',
        standing: 'failing',
        done: 2,
        total: 6,
        tally: [
          { phase: 'Failed', number: 1 },
          { phase: 'Failing', number: 1 },
          { phase: 'UnderWay', number: 1 },
          { phase: 'Waiting', number: 1 },
          { phase: 'Done', number: 2 },
        ],
        members: [
          { cluster: 'c3', phase: 'UnderWay' },
          { cluster: 'c1', phase: 'Waiting' },
          { cluster: 'c0', phase: 'Done' },
          { cluster: 'c4', phase: 'Done' },
        ],
        uncovered: ['provider=aws'],
        waits: [],
      },
      failed: ['c0 of rest Failed', 'c5 of canary Failed', 'c2 of canary Failing'],
    });
  });

  it('say what still has to let them begin', () => {
    const waits = [{ gate: 'approval of eve', blockedBy: '0 of 1 approvals' }];
    expect(courseWaves({ waves: [wave('Done'), { ...wave('Waiting'), waits }] }).map((each) => each.waits)).toEqual([
      [],
      waits,
    ]);
  });

  it('are drawn with whoever waits left pale, and a phase that this page does not know as well', () => {
    const [first] = courseWaves({ waves: [wave('Done', 'Waiting', 'Failed', 'Dreaming' as ClusterPhase)] });
    expect(waveParts(first!)).toEqual([
      { name: 'Done', number: 1, tone: 'good' },
      { name: 'Waiting', number: 1 },
      { name: 'Failed', number: 1, tone: 'bad' },
      { name: 'Dreaming', number: 1 },
    ]);
  });

  it('say how far the rollout has come: they know of everybody, its status of those alone that were admitted', () => {
    const rollout = rolloutOf({ application: 'a', environment: 'dev' }, commitOf(1), 0);
    const status = { ...rollout.status, total: 2, arrived: 1 };
    const waves = [wave('Done', 'Failed'), wave('Waiting', 'Waiting')];
    expect([waves, []].map((some) => courseProgress({ ...rollout, status, waves: some }))).toMatchObject([
      { total: 4, arrived: 1, failing: 1 },
      { total: 2, arrived: 1, failing: 0 },
    ]);
  });

  it('without any, everybody is where the targets say; who does not run the release is no part of it', () => {
    const [before, now] = [commitOf(1), commitOf(2)];
    const reason = { code: 'CrashLoopBackOff', message: 'it ends again and again' };
    const at = (cluster: string, revision: string) =>
      targetOf({ application: 'a', environment: 'dev', cluster }, revision, 0);
    const [well, broken, slow, other] = [at('a', now), at('b', now), at('c', now), at('d', before)];
    const targets = [
      well,
      { ...broken, status: { ...broken.status, health: 'Degraded' as const, reason } },
      { ...slow, status: { ...slow.status, revision: before } },
      other,
    ];
    expect(membersOf(targets, well.spec.release)).toEqual([
      { cluster: 'a', phase: 'Done' },
      { cluster: 'b', phase: 'Failing', reason },
      { cluster: 'c', phase: 'UnderWay' },
    ]);
  });
});
