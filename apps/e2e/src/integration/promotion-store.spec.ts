import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { planDelivery, type DeliveryFacts } from '@flotilla/control-delivery';
import { PromotionStore } from '@flotilla/control-store';
import { createIds } from '@flotilla/foundation';
import { systemActor } from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';
import { openPlane } from '../support/store-plane.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await StoreFixture.start();
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

const by = systemActor('test');

/** `checkout` in `dev`, and in `production` after it by a person's word. */
async function openWalked() {
  const plane = await openPlane(
    fixture,
    ['checkout'],
    ['dev', 'production'],
    [
      '{environment: dev, track: {repository: shop, branch: main}}',
      '{environment: production, after: [dev], promote: manual}',
    ],
  );
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1', 'services/checkout/production/a.yaml': 'a: 1' });
  await plane.look();
  const { releases } = (await plane.plan('checkout'))!;
  return { ...plane, release: releases[0]!.uid };
}

it('an order to promote comes to its end when its stage is none that comes after others any more', async () => {
  const { store, plan } = await openWalked();
  const order = { project: 'default', application: 'checkout', environment: 'production' };
  await new PromotionStore(store).promote({ ...order, reason: 'ticket 42', instead: false }, by);
  await store.query(`UPDATE document SET spec = spec #- '{stages,1}' WHERE kind = 'Pipeline'`);
  await plan('checkout');
  const ended = await store.query('SELECT outcome, ended_at IS NOT NULL AS ended FROM promotion');
  const told = await store.query(`SELECT count(*)::int FROM ledger WHERE action = 'promotion.end'`);
  expect([ended, told]).toEqual([[{ outcome: 'Skipped', ended: true }], [{ count: 1 }]]);
});

it('a release that a stage still waits for is known, however many came after it', async () => {
  const { store, record, uidOf, release } = await openWalked();
  await store.query(`UPDATE rollout SET state = 'Finished', finished_at = now()`);
  await store.query(
    `INSERT INTO release (uid, project, application, application_name, revision, digests, contents, created_at)
     SELECT 'later-' || later, project, application, application_name, revision, digests, contents,
       created_at + later * interval '1 second' FROM release, generate_series(1, 60) AS later`,
  );
  await store.query(
    `INSERT INTO rollout (uid, project, application, application_name, environment, release, revision, cause, state, created_at)
     SELECT 'next', project, application, application_name, environment, 'later-60', revision, cause, 'Running',
       created_at + interval '1 hour' FROM rollout`,
  );
  await store.query(
    `INSERT INTO promotion (uid, project, application, application_name, environment, release, who, reason, instead, at)
     SELECT 'order', project, application, application_name, 'production', 'later-2', 'ann', 'ticket 42', false, now()
     FROM release WHERE uid = $1`,
    [release],
  );
  let known: DeliveryFacts['releases'] = [];
  await record.plan(uidOf('Application', 'checkout'), (facts) => {
    known = facts.releases;
    return planDelivery(facts, createIds());
  });
  const uids = known.map(({ uid }) => uid);
  expect([uids.length, uids.slice(-2)]).toEqual([52, ['later-2', release]]);
});
