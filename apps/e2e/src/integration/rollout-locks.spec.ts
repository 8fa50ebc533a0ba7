import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Store } from '@flotilla/control-store';
import { systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { StoreFixture } from '../support/store-fixture.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';

let fixture: StoreFixture;
beforeAll(async () => {
  fixture = await StoreFixture.start();
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

/** Begins `work` while what `sql` touches is not committed yet, and goes on once it waits for that. */
async function meanwhile<Answer>(store: Store, sql: string, work: () => Promise<Answer>): Promise<Answer> {
  let answer: Promise<Answer> | undefined;
  await store.transact(async (transaction) => {
    await transaction.query(sql);
    answer = work();
    const waiting = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    const isWaiting = async () => (await store.query(waiting)).length > 0;
    await until(isWaiting, { what: 'somebody to wait for a lock', timeoutMs: 10_000, intervalMs: 20 });
  });
  return answer!;
}

it('a rollout that a plan supersedes while it is settled is not finished, and makes nothing good', async () => {
  const { store, record, cluster, statuses, entry } = await openTarget(fixture);
  await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
  const [rollout] = await store.query<{ uid: string }>('SELECT uid FROM rollout');
  const progress = await meanwhile(store, `UPDATE rollout SET state = 'Superseded'`, () =>
    record.settleRollout(rollout!.uid),
  );
  const told = await store.query(`SELECT message FROM ledger WHERE action = 'rollout.finish'`);
  expect([progress, told, await store.query('SELECT last_good FROM target')]).toEqual([
    undefined,
    [],
    [{ last_good: null }],
  ]);
});
