import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  fleetFigures,
  LivenessStore,
  rolloutFigures,
  StatusStore,
  workFigures,
  WorkQueue,
} from '@flotilla/control-store';
import { placesFor } from '@flotilla/control-store/testing';
import { Fault, isoTime, systemClock } from '@flotilla/foundation';
import { noFence } from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';
import { openPlane } from '../support/store-plane.ts';

let fixture: StoreFixture;
beforeAll(async () => void (fixture = await StoreFixture.start()));
afterAll(() => fixture.stop());

it('the work table in numbers: due, taken, failing, dead, and zeros for a kind of which there is nothing', async () => {
  const { store } = await fixture.store();
  const queue = new WorkQueue(store);
  for (const key of ['a', 'b', 'c', 'd']) await store.mark('plan', key);
  const [taken, failing, dead] = await queue.claim('plan', placesFor(3));
  const fault = new Fault({ code: 'internal', reason: 'Broken', message: 'broken' });
  await queue.fail(failing!, fault, { afterMs: 60_000, now: systemClock.now() });
  await queue.fail(dead!, fault, { afterMs: undefined, now: systemClock.now() });
  await store.query(
    `UPDATE work SET due_at = now() - interval '90 seconds' WHERE claimed_until IS NULL AND error IS NULL`,
  );
  const [count, plan] = await workFigures(store, ['plan', 'count']);
  expect({
    taken: taken?.kind,
    count,
    plan: { ...plan, oldestDueSeconds: Math.round(plan!.oldestDueSeconds / 10) },
  }).toEqual({
    taken: 'plan',
    count: { kind: 'count', due: 0, taken: 0, oldestDueSeconds: 0, failing: 0, dead: 0 },
    plan: { kind: 'plan', due: 1, taken: 1, oldestDueSeconds: 9, failing: 1, dead: 1 },
  });
});

it('the fleet in numbers: who is heard, who is ahead of this database, how targets and rollouts are', async () => {
  const plane = await openPlane(fixture, ['checkout']);
  const { store, record } = plane;
  const ahead = await plane.join('c1', { dev: 'true' });
  const silent = await plane.join('c2', { dev: 'true' });
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
  await plane.look();
  await plane.plan('checkout');
  const { entries, fence } = (await record.setFor(ahead.uid, noFence))!;
  const now = systemClock.now();
  const liveness = new LivenessStore(store);
  await liveness.listening('replica', now);
  const said = { instance: 'i', leaseTransitions: 1, statusDigest: '', at: now, protocol: 1, setDigest: '' };
  const facts = { kubernetesVersion: 'v1', agentVersion: 'v1' };
  const newer = { epoch: fence.epoch, generation: fence.generation + 1 };
  await liveness.heard([{ ...said, cluster: ahead.uid, fence: newer, facts }]);
  const statuses = new StatusStore(store);
  const { target, generation, release, sourceDigest, source } = entries[0]!;
  const since = isoTime(now);
  const item = { target, generation, revision: source.revision, release, sourceDigest, appliedAt: since, since };
  const report = { ...said, cluster: ahead.uid, fence: newer, number: 1 };
  await statuses.store([{ ...report, items: [{ ...item, sync: 'Synced', health: 'Degraded', resources: [] }] }], now);
  await statuses.recount('default');
  await store.query(
    `INSERT INTO agent_upgrade (uid, project, image, version, at_once, failures_max, forgiven, deadline_seconds, state, created_at, finished_at)
     VALUES ('open', 'default', 'i', 'v', 1, 0, 0, 60, 'Halted', now(), NULL),
       ('old', 'default', 'i', 'v', 1, 0, 0, 60, 'Finished', now(), now() - interval '2 days')`,
  );
  const { oldestRunningSeconds, states, upgrades } = await rolloutFigures(store);
  expect({
    silent: silent.name,
    fleet: await fleetFigures(store),
    states,
    upgrades,
    running: oldestRunningSeconds >= 0,
  }).toEqual({
    silent: 'c2',
    fleet: {
      connections: { Ahead: 1, Pending: 1 },
      sync: { Synced: 1, Unknown: 1 },
      health: { Degraded: 1, Unknown: 1 },
    },
    states: { Running: 1 },
    upgrades: { Halted: 1 },
    running: true,
  });
});
