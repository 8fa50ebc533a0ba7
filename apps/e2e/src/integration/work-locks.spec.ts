import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WorkQueue, type Store } from '@flotilla/control-store';
import { placesFor } from '@flotilla/control-store/testing';
import { until } from '@flotilla/testing';
import { StoreFixture } from '../support/store-fixture.ts';

let fixture: StoreFixture;
let store: Store;
let queue: WorkQueue;

beforeAll(async () => {
  fixture = await StoreFixture.start();
});
beforeEach(async () => {
  ({ store } = await fixture.store());
  queue = new WorkQueue(store);
});
afterEach(() => fixture.closeStores());
afterAll(() => fixture.stop());

/** Finishes a key while somebody else, in a transaction that is not over, holds its row. */
async function finishBeside(holding: string): Promise<unknown[]> {
  await store.transact(async (transaction) => transaction.mark('plan', ['a']));
  const [work] = await queue.claim('plan', placesFor(1));
  let finishing: Promise<void> | undefined;
  await store.transact(async (transaction) => {
    await transaction.query(holding);
    finishing = queue.finish(work!);
    await until(isWaiting, { what: 'whoever finishes to wait for the row' });
  });
  await finishing;
  return store.query('SELECT key, version::int, claimed_until IS NULL AS free, crashes FROM work');
}

async function isWaiting(): Promise<boolean> {
  const sql = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`;
  return (await store.query(sql)).length > 0;
}

describe('work that is finished while its row is held', () => {
  it('is gone, when it was its own lease that was renewed', async () => {
    expect(await finishBeside(`UPDATE work SET claimed_until = now() + interval '12 s'`)).toEqual([]);
  });

  it('is there for the next one at once, when it was marked', async () => {
    const marked = await finishBeside('UPDATE work SET version = version + 1, due_at = now()');
    expect(marked).toEqual([{ key: 'a', version: expect.any(Number), free: true, crashes: 0 }]);
  });
});
