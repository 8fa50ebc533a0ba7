import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { PromotionStore } from '@flotilla/control-store';
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
  await plane.plan('checkout');
  return plane;
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
