import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { explainTurn, previewRollback, rollBack } from '@flotilla/control-delivery';
import { RollbackStore, StatusStore, StoredDelivery, StoredRollbacks } from '@flotilla/control-store';
import { createIds, isoTime, systemClock } from '@flotilla/foundation';
import { noFence, systemActor, type HealthStatus } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane } from '../support/store-plane.ts';
import { hear } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });
const by = systemActor('test');

/** Two clusters that ran a first commit well, and run a second one: the first of them badly. */
async function ranOnBoth() {
  const plane = await openPlane(fixture);
  const clusters = [await plane.join('c1', { dev: 'true' }), await plane.join('c2', { dev: 'true' })];
  await hear(
    plane.store,
    clusters.map(({ uid }) => uid),
  );
  const statuses = new StatusStore(plane.store);
  let number = 0;
  const say = async (cluster: string, health: HealthStatus) => {
    const { fence, entries } = (await plane.record.setFor(cluster, noFence))!;
    const since = isoTime(systemClock.now());
    const items = entries.map(({ target, generation, release, sourceDigest, source: { revision } }) => {
      const applied = { revision, release, sourceDigest, appliedAt: since };
      return { target, generation, ...applied, sync: 'Synced' as const, health, since, resources: [] };
    });
    const report = { cluster, number: ++number, instance: 'i', leaseTransitions: 1, fence, items, statusDigest: '' };
    await statuses.store([report], systemClock.now());
  };
  const healths: HealthStatus[][] = [
    ['Healthy', 'Healthy'],
    ['Degraded', 'Healthy'],
  ];
  for (const [count, now] of healths.entries()) {
    plane.commit({ 'services/checkout/dev/a.yaml': `a: ${count}` });
    await plane.look();
    await plane.plan('checkout');
    for (const [index, { uid }] of clusters.entries()) await say(uid, now[index]!);
  }
  return { plane, clusters, say };
}

/** The first of them goes back with the order, and the second one waits for its wave. */
async function wentBack() {
  const { plane, ...ran } = await ranOnBoth();
  const rollbacks = new RollbackStore(plane.store);
  const asked = { project: 'default', selection: { application: 'checkout' }, to: 'previous-good' };
  const { standing } = await previewRollback(rollbacks, asked);
  const order = { ...asked, standing, reason: 'incident 42', runHooks: false, repair: false };
  const rollback = await rollBack({ record: rollbacks, ids: createIds() }, order, by);
  const seen = async () => (await new StoredRollbacks(plane.store).rollback('default', rollback))!.places;
  return { plane, ...ran, seen };
}

type WentBack = Awaited<ReturnType<typeof wentBack>>;

it('AT-09: who waits for his wave of a rollback has not arrived, and is told what he waits for', async () => {
  const { plane, clusters, say, seen } = await wentBack();
  const before = await seen();
  await say(clusters[0]!.uid, 'Healthy');
  const [waiting] = await plane.store.query<{ uid: string }>('SELECT uid FROM target WHERE cluster = $1', [
    clusters[1]!.uid,
  ]);
  const turn = await new StoredDelivery(plane.store).heldTurn(waiting!.uid);
  const place = { application: 'checkout', environment: 'dev', state: 'Running', total: 2, failing: 0, held: 2 };
  expect([before, await seen(), explainTurn(turn!)]).toMatchObject([
    [{ ...place, arrived: 0 }],
    [{ ...place, arrived: 1 }],
    { state: expect.stringMatching(/^waits to go back to [0-9a-f]{8}, in wave healthy-1$/) },
  ]);
});

it('AT-09: a stage tells what rollbacks hold in it, of what they set and of nothing else', async () => {
  const { plane } = await wentBack();
  const delivery = new StoredDelivery(plane.store);
  await plane.store.query(
    `INSERT INTO stage (project, application, application_name, environment, standing, changed_at)
     SELECT DISTINCT project, application, application_name, each.environment, '{"candidates": []}'::jsonb, now()
     FROM target CROSS JOIN (VALUES ('dev'), ('staging')) AS each (environment)`,
  );
  const { items } = await delivery.stages({ project: 'default', page: { limit: 10 } });
  const [held] = await plane.store.query('SELECT DISTINCT revision, rollback FROM rollout WHERE rollback IS NOT NULL');
  expect(items.map(({ environment, pinned }) => [environment, pinned])).toEqual([
    ['dev', [{ ...(held as object), targets: 2 }]],
    ['staging', undefined],
  ]);
});

it.each([
  ['before they are heard to run what mended it', async () => undefined],
  [
    'and where they run what mended it already, whose content it is',
    ({ clusters, say }: WentBack) => say(clusters[0]!.uid, 'Healthy'),
  ],
])('AT-09: a rollback that Git takes over from says how many had gone back by then, %s', async (_when, meanwhile) => {
  const went = await wentBack();
  const { plane, clusters, say, seen } = went;
  await say(clusters[0]!.uid, 'Healthy');
  const [place] = await seen();
  await plane.record.settleRollout(place!.rollout);
  // Until Git is mended its head is what failed.
  await expect(plane.plan('checkout')).rejects.toMatchObject({ reason: 'Quarantined' });
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 0' });
  await plane.look();
  await plane.plan('checkout');
  await meanwhile(went);
  await plane.record.settleRollout(place!.rollout);
  expect(await seen()).toMatchObject([{ state: 'Superseded', total: 2, arrived: 1, held: 0 }]);
});
