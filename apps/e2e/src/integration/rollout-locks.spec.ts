import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { previewRollback, rollBack } from '@flotilla/control-delivery';
import { RollbackStore, type Store } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { systemActor } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { StoreFixture } from '../support/store-fixture.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await StoreFixture.start();
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

const by = systemActor('test');
const manifest = (text: string) => ({ 'services/checkout/dev/a.yaml': text });

/** Begins `work` while what `sql` touches is not committed yet, and looks with `seeing` once it waits for that. */
async function meanwhile<Answer, Seen>(
  store: Store,
  sql: string,
  { work, seeing }: { work: () => Promise<Answer>; seeing?: (query: Store['query']) => Promise<Seen> },
): Promise<readonly [Answer, Seen | undefined]> {
  let answer: Promise<Answer> | undefined;
  const seen = await store.transact(async (transaction) => {
    await transaction.query(sql);
    answer = work();
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const isWaiting = async () => (await store.query(waiting)).length > 0;
    await until(isWaiting, { what: 'somebody to wait for a lock', timeoutMs: 10_000, intervalMs: 20 });
    return seeing?.((text, parameters) => transaction.query(text, parameters));
  });
  return [await answer!, seen];
}

it('a rollout that a plan supersedes while it is settled is not finished, and makes nothing good', async () => {
  const { store, record, cluster, statuses, entry } = await openTarget(fixture);
  await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
  const [rollout] = await store.query<{ uid: string }>('SELECT uid FROM rollout');
  const [progress] = await meanwhile(store, `UPDATE rollout SET state = 'Superseded'`, {
    work: () => record.settleRollout(rollout!.uid),
  });
  const told = await store.query(`SELECT message FROM ledger WHERE action = 'rollout.finish'`);
  expect([progress, told, await store.query('SELECT last_good FROM target')]).toEqual([
    undefined,
    [],
    [{ last_good: null }],
  ]);
});

it('who goes back holds no target while he waits for a rollout, as whoever looks at that would wait for him', async () => {
  const { store, cluster, ...plane } = await openTarget(fixture);
  await store.query('UPDATE target SET last_good = release');
  plane.commit(manifest('a: 2'));
  await plane.look();
  await plane.plan('checkout');
  const rollbacks = new RollbackStore(store);
  const order = { project: 'default', to: 'previous-good', selection: { environment: 'dev' }, repair: false };
  const { standing } = await previewRollback(rollbacks, order);
  const given = { ...order, standing, reason: 'incident 42', runHooks: false };
  const [, free] = await meanwhile(store, `SELECT FROM rollout WHERE state = 'Running' FOR UPDATE`, {
    work: () => rollBack({ record: rollbacks, ids: createIds() }, given, by),
    seeing: (query) => query('SELECT cluster FROM target FOR UPDATE SKIP LOCKED'),
  });
  const pins = await store.query(`SELECT pin ->> 'reason' AS reason FROM target`);
  expect([free, pins]).toEqual([[{ cluster }], [{ reason: 'incident 42' }]]);
});
