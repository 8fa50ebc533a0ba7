import { describe, expect, it } from 'vitest';
import { operations, type RecoveryPlanView } from '@flotilla/contracts';
import { FakeControlPlane } from '../testing/fake-control-plane.ts';
import { worldOf } from '../testing/sample-fleet.ts';

const suspended = { by: 'user:ann', reason: 'incident 42', since: '2026-01-01T00:00:00.000Z' };

const ahead: RecoveryPlanView = {
  epoch: 1,
  clusters: 3,
  restored: { at: '2026-01-01T00:00:00.000Z', takenAt: '2025-12-31T00:00:00.000Z' },
  ahead: [
    {
      uid: 'eu-1-uid',
      project: 'default',
      name: 'eu-1',
      connection: 'Ahead',
      fence: { epoch: 1, generation: 3 },
      held: { epoch: 1, generation: 9 },
      recovery: {
        added: [],
        changed: ['default/checkout in dev'],
        unchanged: 4,
        unlisted: ['default/later in dev'],
        lostOrders: [{ target: 'default/checkout in dev', suspended }],
        lostFreezes: [{ ...suspended, name: 'year-end', scope: 'deploys' }],
      },
    },
  ],
  strangers: [{ uid: 'nobody', lastHeardAt: '2026-01-01T00:00:00.000Z' }],
};

const planeOf = (plan: RecoveryPlanView, answer = { epoch: 2, opened: true }) =>
  new FakeControlPlane().on(operations.planRecovery, () => plan).on(operations.recover, () => answer);

const order = 'POST /api/v1/recovery {"epoch":1,"reason":"the database was restored"}';

describe('recover', () => {
  it('shows what it changes, cluster by cluster, and what no record knows', async () => {
    const { out } = await worldOf(planeOf(ahead)).run('recover', '--dry-run');
    expect(out).toMatchInlineSnapshot(`
      "Epoch:             1
      Restored:          2026-01-01T00:00:00.000Z (0s ago)
      From a backup of:  2025-12-31T00:00:00.000Z (24h ago)
      Ahead:             1 of 3 clusters

      eu-1:
        Connection:        Ahead
        Holds:             set 1.9
        The database has:  set 1.3
        Changed:           default/checkout in dev
        Left alone:        4 targets
        Kept, Unlisted:    default/later in dev
        Suspension ends:   default/checkout in dev, by user:ann: incident 42
        Freeze ends:       year-end, by user:ann: incident 42

      Heard, and on no record: told nothing:
        UID      WAS               LAST HEARD
        nobody   never seen here   2026-01-01T00:00:00.000Z (0s ago)
      "
    `);
  });

  it.each([
    ['with --yes', ['--yes'], 0, [order]],
    ['not with --dry-run', ['--yes', '--dry-run'], 0, []],
    ['not when nobody can be asked', [], 2, []],
  ])('opens an epoch %s', async (_, flags, code, orders) => {
    const plane = planeOf(ahead);
    const outcome = await worldOf(plane).run('recover', ...flags);
    expect([outcome.code, plane.orders]).toEqual([code, orders]);
  });

  it.each([
    ['that the epoch is open', { epoch: 2, opened: true }, 'epoch 2 is open; every cluster is sent its set\n'],
    ['that somebody was faster', { epoch: 2, opened: false }, 'somebody had opened epoch 2 already\n'],
    ['that the fleet goes on', { epoch: 1, opened: false }, 'epoch 1 goes on; every cluster is looked at\n'],
  ])('says %s', async (_, answer, note) => {
    expect((await worldOf(planeOf(ahead, answer)).run('recover', '--yes')).err).toBe(note);
  });

  it('asks for nothing when nobody is ahead and nothing was restored', async () => {
    const plane = planeOf({ epoch: 1, clusters: 3, ahead: [], strangers: [] });
    const { code, err } = await worldOf(plane).run('recover', '--yes');
    expect([code, err, plane.orders]).toEqual([0, 'no cluster is ahead: nothing to recover\n', []]);
  });
});
