import { operations, type RolloutCourseView } from '@flotilla/contracts';
import { describe, expect, it } from 'vitest';
import { FakeControlPlane, Refusal } from '../testing/fake-control-plane.ts';
import {
  anHourAgo,
  planeWith,
  sampleApplication,
  sampleCandidate,
  sampleStage,
  worldOf,
} from '../testing/sample-fleet.ts';

const rollout: RolloutCourseView = {
  kind: 'Rollout',
  metadata: { uid: 'r1', name: 'checkout-production-2222222', project: 'default', createdAt: anHourAgo },
  spec: {
    application: 'checkout',
    environment: 'production',
    release: 'release-2',
    revision: '2'.repeat(40),
    cause: 'tracking',
  },
  status: {
    state: 'Halted',
    total: 3,
    arrived: 1,
    failing: 1,
    wave: 'canary',
    blocked: { code: 'FailuresExceeded', message: '1 failed, and at most 0 of the rollout may' },
    blockedSince: anHourAgo,
  },
  waves: [
    {
      name: 'canary',
      uncovered: ['kubernetes 1.32'],
      members: [
        { cluster: 'eu-1', phase: 'Done' },
        { cluster: 'eu-2', phase: 'Failing', reason: { code: 'CrashLoopBackOff', message: 'it crashes' } },
      ],
    },
    {
      name: 'rest',
      waits: [{ gate: 'approval of eve', blockedBy: '0 of 1 approvals' }],
      members: [{ cluster: 'us-1', phase: 'Waiting' }],
    },
  ],
};

describe('rollout status', () => {
  it('shows each wave with its failures first, and why nobody else is admitted', async () => {
    const plane = new FakeControlPlane().on(operations.getRollout, () => rollout);
    const { code, out } = await worldOf(plane).run('rollout', 'status', 'checkout.production');
    expect([code, plane.asked]).toEqual([0, ['GET /api/v1/projects/default/rollouts/checkout/production']]);
    expect(out).toBe(
      [
        'Rollout:     checkout-production-2222222',
        'Revision:    22222222 (tracking)',
        'State:       Halted, wave canary',
        'Blocked by:  FailuresExceeded: 1 failed, and at most 0 of the rollout may',
        'Since:       2025-12-31T23:00:00.000Z (60m ago)',
        'Arrived:     1 of 3',
        'Begun:       2025-12-31T23:00:00.000Z (60m ago)',
        '',
        'Wave canary (1 of 2, without kubernetes 1.32):',
        '  CLUSTER   PHASE     REASON',
        '  eu-2      Failing   CrashLoopBackOff: it crashes',
        '  eu-1      Done      ',
        '',
        'Wave rest (0 of 1, waits for approval of eve):',
        '  CLUSTER   PHASE     REASON',
        '  us-1      Waiting   ',
        '',
      ].join('\n'),
    );
  });

  it('is refused where nothing is named', async () => {
    const plane = new FakeControlPlane();
    const { code, err } = await worldOf(plane).run('rollout', 'status', 'checkout');
    expect([code, plane.asked]).toEqual([2, []]);
    expect(err).toContain('a stage is named application.environment, and `checkout` is not');
  });
});

describe('rollout pause, resume, abort, retry, skip', () => {
  it.each<[string[], string]>([
    [['pause'], 'pause {}'],
    [['resume'], 'resume {}'],
    [['abort'], 'abort {}'],
    [['retry'], 'retry {}'],
    [['retry', '--cluster', 'eu-1'], 'retry {"cluster":"eu-1"}'],
    [['resume', '--rollout', 'r1'], 'resume {"rollout":"r1"}'],
    [['skip', '--cluster', 'eu-1'], 'skip {"cluster":"eu-1"}'],
  ])('%j', async ([order, ...flags], expected) => {
    const answer = { rollout: 'r1', state: 'Running' as const, clusters: ['eu-1'] };
    const plane = new FakeControlPlane().on(operations.steerRollout, () => answer);
    const { code, out } = await worldOf(plane).run('rollout', order!, 'checkout.production', ...flags);
    const sent = `POST /api/v1/projects/default/rollouts/checkout/production/${expected}`;
    expect([code, plane.orders, out]).toEqual([0, [sent], 'rollout checkout.production Running: eu-1\n']);
  });

  it('skip is refused without a cluster', async () => {
    const { code } = await worldOf(new FakeControlPlane()).run('rollout', 'skip', 'checkout.production');
    expect(code).toBe(2);
  });

  it.each([
    ['pause', 'checkout'],
    ['status', 'checkout.production.eu-1'],
    ['abort', '.production'],
    ['abort', 'checkout.Production'],
  ])('%s of %s is refused before anything is sent', async (verb, name) => {
    const plane = new FakeControlPlane();
    const { err } = await worldOf(plane).run('rollout', verb, name);
    const said = `a stage is named application.environment, and \`${name}\` is not; list them with: flotilla get stages`;
    expect([err, plane.orders]).toEqual([`error: ${said}\n`, []]);
  });

  it('says so when there is nothing to steer', async () => {
    const plane = new FakeControlPlane().on(operations.steerRollout, () => {
      throw new Refusal(404, 'RolloutMissing', 'no rollout of checkout is under way in production');
    });
    const { code, err } = await worldOf(plane).run('rollout', 'pause', 'checkout.production');
    expect([code, err]).toEqual([5, 'error: no rollout of checkout is under way in production\n']);
  });
});

describe('explain of what is on its way', () => {
  const halted = {
    state: 'halted in wave canary',
    blockedBy: 'FailuresExceeded: 1 failed',
    since: anHourAgo,
    whoCanAct: 'whoever may run: flotilla rollout retry checkout.production (or resume, abort)',
  };
  const soaking = {
    state: 'waits until the wave has proved itself',
    blockedBy: 'eu-1: has to stay well for longer',
    whoCanAct: 'nobody has to: time alone',
    nextTry: '2026-01-01T00:30:00.000Z',
  };
  const stopped = { ...rollout, explanation: [halted, soaking] };
  const stage = sampleStage('production', [
    sampleCandidate('2b2b2b2b', {
      waits: [
        { gate: 'approval of group leads', blockedBy: '0 of 1 approvals', whoCanAct: 'group leads: flotilla approve' },
        { gate: 'soak 4h', blockedBy: 'it has to be well', since: anHourAgo, nextTry: '2026-01-01T02:00:00.000Z' },
      ],
    }),
  ]);
  const plane = (state: RolloutCourseView['status']['state'] = 'Halted') =>
    planeWith({ documents: [sampleApplication], stages: [stage] })
      .on(operations.listRollouts, () => ({ items: [{ ...rollout, status: { ...rollout.status, state } }] }))
      .on(operations.getRollout, () => stopped);

  it('a rollout says by what it is blocked, since when, who can act and when time goes on', async () => {
    const { code, out } = await worldOf(plane()).run('explain', 'rollout', 'checkout.production');
    expect([code, out]).toEqual([
      0,
      [
        'Rollout:  checkout-production-2222222',
        'Of:       checkout.production',
        'Is:       Halted, wave canary',
        'Arrived:  1 of 3',
        '',
        'halted in wave canary:',
        '  blocked by:   FailuresExceeded: 1 failed',
        '  since:        2025-12-31T23:00:00.000Z (60m ago)',
        '  who can act:  whoever may run: flotilla rollout retry checkout.production (or resume, abort)',
        '',
        'waits until the wave has proved itself:',
        '  blocked by:   eu-1: has to stay well for longer',
        '  who can act:  nobody has to: time alone',
        '  next try:     2026-01-01T00:30:00.000Z (in 30m)',
        '',
      ].join('\n'),
    ]);
  });

  it.each([
    ['rollout checkout.production', [{ rollout: 'checkout.production', explanation: [halted, soaking] }]],
    [
      'stage checkout.production',
      [
        {
          stage: 'checkout.production',
          explanation: [
            {
              state: '2b2b2b2b waits before production: approval of group leads',
              blockedBy: '0 of 1 approvals',
              whoCanAct: 'group leads: flotilla approve',
            },
            {
              state: '2b2b2b2b waits before production: soak 4h',
              blockedBy: 'it has to be well',
              since: anHourAgo,
              nextTry: '2026-01-01T02:00:00.000Z',
            },
          ],
        },
      ],
    ],
  ])('%s says the same to a program', async (what, items) => {
    const { out } = await worldOf(plane()).run('explain', ...what.split(' '), '-o', 'json');
    expect(JSON.parse(out)).toEqual({ items });
  });

  it.each<[RolloutCourseView['status']['state'], boolean]>([
    ['Running', true],
    ['Paused', true],
    ['Halted', true],
    ['Finished', false],
    ['Aborted', false],
  ])('of an application tells of its rollouts that are open: %s', async (state, isTold) => {
    const { out } = await worldOf(plane(state)).run('explain', 'application', 'checkout');
    expect([out.includes(halted.whoCanAct), out.includes('0 of 1 approvals')]).toEqual([isTold, true]);
  });

  it('completes where rollouts go', async () => {
    const { out } = await worldOf(plane()).run('__complete', 'explain', 'rollout', 'c');
    expect(out).toBe('checkout.production\n');
  });
});
