import { describe, expect, it } from 'vitest';
import { operations, type RepairView, type RolloutCourseView } from '@flotilla/contracts';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { anHourAgo, sampleRollback, worldOf } from '../testing/sample-fleet.ts';

const commitOf = (digit: string) => digit.repeat(40);
const plane = () =>
  new FakeControlPlane()
    .on(operations.listRollbacks, () => ({ items: [sampleRollback] }))
    .on(operations.getRollback, () => sampleRollback);

describe('what a rollback waits for', () => {
  const repaired: RepairView = {
    kind: 'Repair',
    metadata: { uid: 'rep1', name: 'shop-rep1', project: 'default', createdAt: anHourAgo },
    spec: {
      rollback: 'back1',
      repository: 'shop',
      branch: 'main',
      applications: ['checkout'],
      paths: ['services/checkout'],
      goodRevision: commitOf('2'),
      badRevision: commitOf('3'),
      reason: 'incident 42',
      actor: 'user:ann',
    },
    status: { state: 'Waiting', attempts: 0, conflicts: [] },
  };
  const course: RolloutCourseView = {
    kind: 'Rollout',
    metadata: { uid: 'roll1', name: 'checkout-production-22222222', project: 'default', createdAt: anHourAgo },
    spec: {
      application: 'checkout',
      environment: 'production',
      release: 'r2',
      revision: commitOf('2'),
      cause: 'rollback',
      rollback: 'back1',
    },
    status: { state: 'Running', total: 3, arrived: 1, failing: 0, wave: 'healthy-1' },
    explanation: [{ state: 'waits until the wave is well', whoCanAct: 'whoever mends it' }],
    waves: [],
  };
  const explained = async (status: Partial<RepairView['status']>, uid = 'roll1') => {
    const other = { ...repaired, spec: { ...repaired.spec, rollback: 'another' } };
    const mended = { ...repaired, status: { ...repaired.status, ...status } };
    const world = plane()
      .on(operations.getRollout, () => ({ ...course, metadata: { ...course.metadata, uid } }))
      .on(operations.listRepairs, () => ({ items: [other, mended] }));
    return worldOf(world).run('explain', 'rollback', 'back1');
  };

  it('is each of its rollouts, what it holds against Git, and its repair', async () => {
    const url = 'https://git.example.org/shop/pulls/7';
    const { out } = await explained({ state: 'PullRequestOpen', url });
    expect(out.slice(out.indexOf('Rollout:'))).toMatchInlineSnapshot(`
      "Rollout:  checkout-production-22222222
      Of:       checkout.production
      Is:       Running, wave healthy-1
      Arrived:  1 of 3

      waits until the wave is well:
        who can act:  whoever mends it

      3 targets of checkout.production held at 22222222:
        blocked by:   Git says something else
        who can act:  Git, once a release that says the same enters there; or whoever may run: flotilla unpin application checkout --environment production --reason WHY

      shop, branch main: https://git.example.org/shop/pulls/7 is not merged:
        who can act:  whoever may merge https://git.example.org/shop/pulls/7
      "
    `);
  });

  it('and no rollout that entered after its own', async () => {
    expect((await explained({}, 'newer')).out).not.toContain('Rollout:');
  });

  it.each<[string, Partial<RepairView['status']>, RegExp]>([
    ['is not written yet', {}, /shop, branch main: not written yet/],
    [
      'cannot be decided by a program',
      { state: 'Conflict', conflicts: ['a.yaml'], reason: { code: 'RepairConflict', message: 'a.yaml changed' } },
      /a person has to decide:\n +blocked by: +RepairConflict: a.yaml changed\n +who can act: +whoever may write to a.yaml/,
    ],
    ['is given up', { state: 'Failed' }, /given up:\n +who can act: +whoever may write to services\/checkout/],
    ['is done', { state: 'Pushed', revert: commitOf('4') }, /Git is repaired by 44444444$/m],
  ])('says of Git that it %s', async (_what, status, expected) => {
    expect((await explained(status)).out).toMatch(expected);
    const mended = { ...repaired, status: { ...repaired.status, ...status } };
    const world = plane().on(operations.listRepairs, () => ({ items: [mended] }));
    expect((await worldOf(world).run('explain', 'repair', 'shop-rep1')).out).toMatch(expected);
  });
});
