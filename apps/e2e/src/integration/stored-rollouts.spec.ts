import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { explainRollout, explainTurn } from '@flotilla/control-delivery';
import { deleteDocument } from '@flotilla/control-sources';
import { StatusStore, StoredDelivery, type Store } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { noFence, systemActor, type TargetStatus } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane } from '../support/store-plane.ts';
import { hear, openTarget, reportOf, statusOf } from '../support/stored-target.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

describe('a rollout in waves', () => {
  it('that is done while nobody listens is looked at again, and finished once somebody does', async () => {
    const { store, cluster, settle, says } = await openWaves();
    await says({});
    await store.query('DELETE FROM listener');
    const deaf = await settle();
    await hear(store, [cluster]);
    const heard = await settle();
    const place = { application: 'checkout', environment: 'dev', total: 1, arrived: 1 };
    expect([deaf, heard, await settle()]).toEqual([{ ...place, lookAgainMs: 10_000 }, place, undefined]);
  });

  it('that is halted is written and announced once, however often it is looked at', async () => {
    const { store, announced, settle, says } = await openWaves();
    await says({ health: 'Degraded' });
    await store.query(`UPDATE target_status SET reported_at = reported_at - interval '1 minute'`);
    const looks: unknown[] = [];
    for (let look = 0; look < 3; look++) {
      const before = announced.length;
      await settle();
      const rows = await store.query(
        `SELECT state, xmin, blocked ->> 'code' AS code FROM rollout WHERE state = 'Halted'`,
      );
      const nouns = announced.slice(before).flatMap(({ changed }) => changed.map(({ kind }) => kind));
      looks.push([rows, nouns.filter((kind) => kind === 'rollout').length]);
    }
    const [{ xmin }] = (looks[0] as [{ xmin: string }[]])[0] as [{ xmin: string }];
    const halted = [{ state: 'Halted', code: 'FailuresExceeded', xmin }];
    expect(await store.query(`SELECT message FROM ledger WHERE action = 'rollout.halt'`)).toEqual([
      { message: expect.stringMatching(/; go on with: flotilla rollout retry checkout\.dev \(or resume, abort\)$/) },
    ]);
    expect(looks).toEqual([
      [halted, 1],
      [halted, 0],
      [halted, 0],
    ]);
  });

  it('that is halted says so to whoever made it halt', async () => {
    const { store, settle, says } = await openWaves();
    await says({ health: 'Degraded' });
    await store.query(`UPDATE target_status SET reported_at = reported_at - interval '1 minute'`);
    const [{ uid }] = (await store.query<{ uid: string }>('SELECT uid FROM target')) as [{ uid: string }];
    const before = await new StoredDelivery(store).heldTurn(uid);
    await settle();
    const turn = await new StoredDelivery(store).heldTurn(uid);
    expect([before, turn?.state, turn?.isTaken, turn?.blocked?.code]).toEqual([
      undefined,
      'Halted',
      true,
      'FailuresExceeded',
    ]);
  });

  it.each([
    ['where a deadline begins anew by that', { progressDeadline: '10m' }, true],
    ['and nowhere else', {}, false],
  ])('writes down at each look who is held back %s', async (_where, over, isWritten) => {
    const { store, settle, says } = await openWaves(over);
    await says({ sync: 'OutOfSync', reason: { code: 'Suspended', message: 'user:bob: looking' } });
    await settle();
    const steps = await store.query('SELECT held_at IS NOT NULL AS written FROM rollout_step');
    expect(steps).toEqual([{ written: isWritten }]);
  });
});

describe('a rollout that a person had pass somebody by', () => {
  it('is told to him once it is over, until something newer has entered', async () => {
    const { store, next } = await openWaves();
    const at = async () => {
      const [{ uid }] = (await store.query<{ uid: string }>('SELECT uid FROM target')) as [{ uid: string }];
      const turn = await new StoredDelivery(store).heldTurn(uid);
      return [turn?.state, turn?.skipped, turn && explainTurn(turn).blockedBy];
    };
    // As if he were another cluster than the one that took it.
    await store.query(`UPDATE target SET release = 'before'`);
    await store.query(`UPDATE rollout_step SET skipped = true, admitted_at = NULL`);
    await store.query(`UPDATE rollout SET state = 'Finished', finished_at = now()`);
    const skipped = await at();
    await next();
    expect([skipped, (await at())[1]]).toEqual([
      ['Finished', true, 'a person passed it by in this rollout'],
      undefined,
    ]);
  });
});

describe('a rollout that waits', () => {
  it('for a freeze says which one, as long as what was admitted is not sent', async () => {
    const { store, next, settle, ...plane } = await openWaves();
    await plane.says({});
    await settle();
    await plane.freeze('year-end');
    await next();
    const frozen = await explained(store);
    const key = { project: 'default', kind: 'Freeze', name: 'year-end' } as const;
    await deleteDocument(plane.documents, { key, by: systemActor('test'), dryRun: false });
    await plane.plan('checkout');
    expect([frozen, (await explained(store)).map(({ state }) => state)]).toEqual([
      [heldByFreeze],
      ['waits until the wave is well'],
    ]);
  });

  it.each([
    ['has not had his turn', `release = 'before'`, 'admitted_at = NULL'],
    ['was told, and has not said anything of it', 'release = release', 'admitted_at = admitted_at'],
  ])('for a freeze says so also of whoever is to go back, and %s', async (_who, isAt, hasTurn) => {
    const { store, uid, settle, ...plane } = await openWaves();
    await plane.freeze('year-end');
    await plane.plan('checkout');
    await store.query(
      `UPDATE rollout SET cause = 'rollback', strategy = strategy || '{"offline":"passBy"}' WHERE uid = $1`,
      [uid],
    );
    await store.query(`UPDATE target SET ${isAt}, pin = jsonb_build_object('rollout', $1::text)`, [uid]);
    await store.query(`UPDATE rollout_step SET ${hasTurn}`);
    await settle();
    expect(await explained(store)).toEqual([heldByFreeze]);
  });

  it('counts also those whose turn has not come', async () => {
    const { store } = await openWaves();
    await store.query(`UPDATE target SET release = 'before'`);
    const { items } = await new StoredDelivery(store).rollouts({ project: 'default', page: { limit: 1 } });
    expect(items[0]).toMatchObject({ state: 'Running', total: 1, arrived: 0 });
  });

  it('for a wave that soaks tells a target that has not its turn when it is looked at next', async () => {
    const { store, settle, says } = await openWaves({ waves: [{ name: 'canary', take: 1, minSuccessTime: '10m' }] });
    await says({});
    await settle();
    const at = new Date('2030-01-01T00:00:00Z');
    await store.query(`UPDATE work SET due_at = $1 WHERE kind = 'rollout'`, [at]);
    // As if it were another cluster, that comes after.
    const [row] = await store.query<{ uid: string }>(`UPDATE target SET release = 'before' RETURNING uid`);
    const turn = await new StoredDelivery(store).heldTurn(row!.uid);
    expect([turn?.blocked?.code, turn?.nextLook]).toEqual(['WaveSoaking', at]);
  });
});

it('rollouts that arrive in the same moment close in one transaction, and one that did not keeps none of them', async () => {
  const names = Array.from({ length: 20 }, (_, index) => `app-${index}`);
  const plane = await openPlane(fixture, names);
  const { uid: cluster } = await plane.join('c1', { dev: 'true' });
  plane.commit(Object.fromEntries(names.map((name) => [`services/${name}/dev/a.yaml`, 'a: 1'])));
  await plane.look();
  await Promise.all(names.map(plane.plan));
  const { entries } = (await plane.record.setFor(cluster, noFence))!;
  const well = entries.filter(({ application }) => application !== 'app-7').map((entry) => statusOf(entry));
  await new StatusStore(plane.store).store([reportOf(cluster, 1, well)], systemClock.now());
  const rollouts = await plane.store.query<{ uid: string }>('SELECT uid FROM rollout');
  const before = plane.announced.length;
  const looks = await Promise.all(rollouts.map(({ uid }) => plane.record.settleRollout(uid)));
  const nouns = plane.announced.slice(before).flatMap(({ changed }) => changed);
  const told = nouns.flatMap(({ kind, ids }) => (kind === 'rollout' ? [ids.length] : []));
  const good = await plane.store.query('SELECT application_name AS name FROM target WHERE last_good IS NULL');
  expect([looks.map((look) => look!.arrived).toSorted(), told, good]).toEqual([
    [0, ...Array.from({ length: 19 }, () => 1)],
    [19],
    [{ name: 'app-7' }],
  ]);
});

const heldByFreeze = expect.objectContaining({
  state: 'held by a freeze',
  blockedBy: expect.stringMatching(/^c1: .*flotilla unfreeze year-end$/),
  whoCanAct: expect.stringContaining('flotilla unfreeze'),
});

/** Why the newest rollout goes no further. */
async function explained(store: Store) {
  const delivery = new StoredDelivery(store);
  const { items } = await delivery.rollouts({ project: 'default', page: { limit: 1 } });
  return explainRollout(items[0]!, await delivery.waves(items[0]!.uid));
}

/** A release that goes in waves to one cluster that is heard, and was told of it. */
async function openWaves(strategy: object = {}) {
  const { store, record, cluster, statuses, announced, ...plane } = await openTarget(fixture);
  await hear(store, [cluster]);
  await store.query(`UPDATE document SET spec = spec || $1 WHERE kind = 'Environment'`, [
    { rollout: { maxFailures: 0, offline: 'skipAndCatchUp', ...strategy } },
  ]);
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 2' });
  await plane.look();
  const { uid } = (await plane.plan('checkout'))!.rollouts[0]!;
  const settle = () => record.settleRollout(uid);
  /** Another release, admitted and planned. */
  const next = async () => {
    plane.commit({ 'services/checkout/dev/a.yaml': 'a: 3' });
    await plane.look();
    const { uid: newest } = (await plane.plan('checkout'))!.rollouts[0]!;
    await record.settleRollout(newest);
    await plane.plan('checkout');
    return newest;
  };
  await settle();
  await plane.plan('checkout');
  const { entries } = (await record.setFor(cluster, noFence))!;
  const says = (over: Partial<TargetStatus>) =>
    statuses.store([reportOf(cluster, 1, [statusOf(entries[0]!, over)])], systemClock.now());
  return { ...plane, uid, store, cluster, announced, settle, next, says };
}
