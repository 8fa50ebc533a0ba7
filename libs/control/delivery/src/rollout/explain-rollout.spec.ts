import { describe, expect, it } from 'vitest';
import type { RolloutRecord, RolloutWaveRecord } from '../delivery-reader.port.ts';
import { explainRollout } from './explain-rollout.ts';

const since = new Date('2026-01-01T08:00:00Z');
const [soon, later] = [new Date('2026-01-01T08:10:00Z'), new Date('2026-01-01T08:20:00Z')];
const rollout: RolloutRecord = {
  uid: 'r1',
  project: 'shop',
  application: 'checkout',
  environment: 'production',
  release: 'release1',
  revision: '2'.repeat(40),
  cause: 'promotion',
  state: 'Running',
  total: 4,
  arrived: 1,
  failing: 0,
  wave: 'canary',
  createdAt: since,
};
const blocked = {
  blocked: { code: 'WaveUnderWay', message: '1 of wave canary are not well yet' },
  blockedSince: since,
};

type Member = RolloutWaveRecord['members'][number];
const canary = (...members: readonly Member[]): RolloutWaveRecord[] => [
  { name: 'canary', members },
  { name: 'rest', members: [{ cluster: 'eu-9', phase: 'Waiting' }] },
];
const frozen = { code: 'Frozen', message: 'freeze year-end by user:ann: holidays' };
const place = 'checkout.production';
const approval = {
  gate: 'approval of eve',
  blockedBy: '0 of 1 approvals',
  whoCanAct: `eve: flotilla approve ${place} --wave rest`,
};
const window = { gate: 'window', blockedBy: 'the window is closed', nextTry: soon.toISOString() };

describe('a rollout that goes no further says by what it is blocked, since when, who can act and when time goes on', () => {
  it.each<[string, Partial<RolloutRecord>, RolloutWaveRecord[], object[]]>([
    ['it is over', { ...blocked, state: 'Finished' }, canary({ cluster: 'eu-1', phase: 'Failed' }), []],
    ['it is about to admit somebody', {}, canary({ cluster: 'eu-1', phase: 'Waiting' }), []],
    [
      'nobody may take it',
      { total: 0, arrived: 0 },
      [],
      [
        {
          state: 'waits until somebody may take it',
          blockedBy: 'all of production are held at something else, or it has no cluster',
          since: since.toISOString(),
          whoCanAct: `whoever may run: flotilla unpin application checkout --environment production --forward --reason WHY; or whoever labels clusters; see: flotilla explain application checkout`,
        },
      ],
    ],
    [
      'a person paused it',
      { state: 'Paused' },
      canary({ cluster: 'eu-1', phase: 'Done' }),
      [
        {
          state: 'paused in wave canary',
          blockedBy: 'a person paused it',
          whoCanAct: `whoever may run: flotilla rollout resume ${place}`,
        },
      ],
    ],
    [
      'too many failed',
      { state: 'Halted', blocked: { code: 'FailuresExceeded', message: '1 failed' }, blockedSince: since },
      canary({ cluster: 'eu-1', phase: 'Failed', reason: { code: 'ImagePullBackOff', message: 'no such tag' } }),
      [
        {
          state: 'halted in wave canary',
          blockedBy: 'FailuresExceeded: 1 failed',
          since: since.toISOString(),
          whoCanAct: `whoever may run: flotilla rollout retry ${place} (or resume, abort); or to go back: flotilla rollback ${place} --reason WHY`,
        },
        {
          state: 'waits until the wave is well',
          blockedBy: 'eu-1: ImagePullBackOff: no such tag',
          since: since.toISOString(),
          whoCanAct: `whoever mends it; see: flotilla explain target ${place}.eu-1`,
        },
      ],
    ],
    [
      'a wave that is not well yet, until its first deadline',
      blocked,
      canary(
        { cluster: 'eu-1', phase: 'UnderWay', until: later },
        { cluster: 'eu-2', phase: 'UnderWay', until: soon },
        { cluster: 'eu-3', phase: 'Done' },
      ),
      [
        {
          state: 'waits until the wave is well',
          blockedBy: 'eu-1: UnderWay; eu-2: UnderWay',
          since: since.toISOString(),
          whoCanAct: `whoever mends it; see: flotilla explain target ${place}.eu-1`,
          nextTry: soon.toISOString(),
        },
      ],
    ],
    [
      'its next wave waits for a person and for a window',
      { wave: 'rest', blocked: { code: 'WaveGated', message: 'wave rest waits' }, blockedSince: since },
      [
        { name: 'canary', members: [{ cluster: 'eu-1', phase: 'Done' }] },
        { name: 'rest', members: [{ cluster: 'eu-9', phase: 'Waiting' }], waits: [approval, window] },
      ],
      [
        {
          state: 'waits before wave rest',
          blockedBy: 'approval of eve: 0 of 1 approvals',
          since: since.toISOString(),
          whoCanAct: approval.whoCanAct,
        },
        {
          state: 'waits before wave rest',
          blockedBy: 'window: the window is closed',
          since: since.toISOString(),
          whoCanAct: 'nobody',
          nextTry: soon.toISOString(),
        },
      ],
    ],
    [
      'a freeze',
      blocked,
      canary(...['a', 'b', 'c', 'd'].map((cluster): Member => ({ cluster, phase: 'UnderWay', reason: frozen }))),
      [
        {
          state: 'held by a freeze',
          blockedBy: `${['a', 'b', 'c'].map((cluster) => `${cluster}: ${frozen.message}`).join('; ')}; and 1 more`,
          since: since.toISOString(),
          whoCanAct: 'whoever may run: flotilla unfreeze NAME, with one of: flotilla get freezes',
        },
      ],
    ],
    [
      'clusters that are away, or that somebody holds back',
      blocked,
      canary(
        { cluster: 'eu-1', phase: 'Away' },
        { cluster: 'eu-2', phase: 'Away', reason: { code: 'Window', message: 'closed until noon' } },
      ),
      [
        {
          state: 'waits for clusters that are away',
          blockedBy: 'eu-1: is not heard; eu-2: Window: closed until noon',
          since: since.toISOString(),
          whoCanAct: `whoever brings it back; or to pass it by: flotilla rollout skip ${place} --cluster eu-1`,
        },
      ],
    ],
    [
      'a wave that has to stay well, until the last of it has',
      blocked,
      canary({ cluster: 'eu-1', phase: 'Soaking', until: soon }, { cluster: 'eu-2', phase: 'Soaking', until: later }),
      [
        {
          state: 'waits until the wave has proved itself',
          blockedBy: 'eu-1, eu-2: has to stay well for longer',
          since: since.toISOString(),
          whoCanAct: 'nobody has to: time alone',
          nextTry: later.toISOString(),
        },
      ],
    ],
  ])('%s', (_what, over, waves, expected) => {
    expect(explainRollout({ ...rollout, ...over }, waves)).toEqual(expected);
  });
});
