import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweepTables } from '@flotilla/control-host';
import {
  createDatabase,
  migrate,
  restoreBackup,
  sealLedger,
  Store,
  sweepTable,
  writeBackup,
} from '@flotilla/control-store';
import { createIds, systemClock, systemRandom } from '@flotilla/foundation';
import { createLogger } from '@flotilla/platform-telemetry';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { allRules, gatewayRules, line, oldAnswer, plant, sweep, valuesIn } from '../support/retention-rows.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const many = `
  INSERT INTO document (uid, project, kind, name, spec, labels, annotations, owner, generation, created_at, updated_at)
    SELECT 'app' || n, 'p', 'Application', 'app' || n, '{}', '{}', '{}', 'o', 1, now(), now() FROM generate_series(2, 99) n;
  INSERT INTO ledger (at, project, actor, action, subject, message)
    SELECT now() - make_interval(hours => n), 'p' || n % 7, 'a', 'x', 's', 'm' FROM generate_series(1, 50000) n;
  INSERT INTO deployment (target, at, project, application_name, environment, cluster, release, revision, health)
    SELECT 't' || n % 5000, now() - make_interval(hours => n / 10), 'p', 'app', 'dev', 'c', 'r', 'v', 'Healthy'
    FROM generate_series(1, 50000) n;
  INSERT INTO target_status (target, cluster, generation, sync, health, since, gone, reported_at)
    SELECT 't' || n, 'c', 1, 'Synced', 'Healthy', now(), false, now() FROM generate_series(1, 50000) n;
  INSERT INTO target_detail SELECT target, '[]', '[]' FROM target_status;
  INSERT INTO target (uid, project, application, application_name, environment, cluster, intent, release, generation, entry,
    entry_digest, on_remove, created_at)
    SELECT 't' || n, 'p', 'app' || n % 1000, 'app' || n % 1000, 'dev', 'c' || n / 100, 'run', 'r' || n, 1, '{}', 'd', 'keep', now()
    FROM generate_series(1, 49000) n;
  INSERT INTO release SELECT 'r' || n, 'p', 'app' || n % 100, 'app' || n % 100, 'v' || n, '{}', now() - make_interval(mins => n)
    FROM generate_series(1, 50000) n;
  INSERT INTO rollout (uid, project, application, application_name, environment, release, revision, cause, state, created_at,
    finished_at)
    SELECT 'o' || n, 'p', 'app' || n % 100, 'app' || n % 100, 'dev', 'r' || n, 'v' || n, 'tracking', 'Finished',
      now() - make_interval(hours => n), now() - make_interval(hours => n) FROM generate_series(1, 50000) n;
  INSERT INTO revision SELECT 'repo' || n % 20, 'main', 'v' || n, 'p', 50001 - n, 'a', 's', now(), now() - make_interval(mins => n)
    FROM generate_series(1, 50000) n;
  INSERT INTO path_tree SELECT 'repo' || n % 20, 'main', 'path' || n % 10, 50001 - n, 't' FROM generate_series(1, 50000) n;
  INSERT INTO issued_set SELECT 'c' || n % 100, 1, n, 'd' FROM generate_series(1, 50000) n;
  INSERT INTO forgotten_cluster VALUES ('c7', 'p', 'c7', now(), 'a');`;

describe('a sweep of 50,000 rows', () => {
  it('finds by an index what it deletes, a second one beside it does no harm, and the next has nothing to do', async () => {
    const { database, store } = await fixture.store();
    await database.query(`${many}; ANALYZE`);
    await sealLedger(store);
    const url = (database.options as { url?: string }).url!;
    // One session each, so that what it did can be asked of it.
    const replicas = await Promise.all([1, 2].map(() => createDatabase({ url, poolMax: 1 }).initialize()));
    const stores = replicas.map(
      (each) => new Store({ database: each, ids: createIds(), clock: systemClock, announce: () => undefined }),
    );
    const scans = async () => {
      for (const each of [database, ...replicas]) await each.query('SELECT pg_stat_force_next_flush()');
      return database.query<{ table: string; scans: number }[]>(
        `SELECT relname AS table, seq_scan::int AS scans FROM pg_stat_user_tables
         WHERE n_live_tup + n_dead_tup > 10000 ORDER BY 1`,
      );
    };
    const before = await scans();
    const removed = await Promise.all(
      stores.map(async (each) => {
        let rows = 0;
        for (const rule of allRules) rows += await sweepTable(each, rule);
        return rows;
      }),
    );
    const large = 'deployment issued_set ledger path_tree release revision rollout target target_detail target_status';
    expect(before.map(({ table }) => table).join(' ')).toBe(large);
    expect(await scans()).toEqual(before);
    const again = await Promise.all(allRules.map((rule) => sweepTable(stores[0]!, rule)));
    expect([removed[0]! + removed[1]! > 150_000, again.filter((rows) => rows > 0)]).toEqual([true, []]);
    for (const each of replicas) await each.destroy();
  }, 120_000);

  it('leaves a row that somebody holds for the next time, and can be stopped', async () => {
    const { store } = await fixture.store();
    const rule = gatewayRules.find(({ table }) => table === 'idempotency_key')!;
    await plant(store, { idempotency_key: ['a', 'b'].map(oldAnswer) });
    await store.transact(async (transaction) => {
      await transaction.query(`SELECT FROM idempotency_key WHERE key = 'a' FOR UPDATE`);
      expect(await sweepTable(store, rule)).toBe(1);
    });
    expect(await sweepTable(store, rule, AbortSignal.abort())).toBe(0);
    expect(await sweepTable(store, rule)).toBe(1);
  });

  it('of a table that fails keeps no other table from being swept', async () => {
    const { store } = await fixture.store();
    await plant(store, { ledger: [line(31), line(1)] });
    await sealLedger(store);
    const logger = createLogger({ service: 'test', level: 'error' });
    const broken = { table: 'no_such_table', removable: 'true' };
    const sweeping = sweepTables({ store, clock: systemClock, random: systemRandom, logger }, [
      broken,
      ...gatewayRules,
    ]);
    await expect.poll(() => valuesIn(store, 'ledger', 'message')).toEqual(['1']);
    await sweeping.stop();
  });
});

describe('a backup of a record that was swept', () => {
  it('is restored, and swept again nothing of it goes', async () => {
    const { store, database } = await fixture.store();
    await database.query(many.replaceAll(/\b50000\b/g, '2000').replaceAll('49000', '1900'));
    await sweep(store, allRules);
    const lines: string[] = [];
    for await (const each of writeBackup(database, { version: '0.1.0', now: systemClock.now() }))
      lines.push(each.trimEnd());
    const empty = await fixture.database();
    await restoreBackup(empty, async function* () {
      yield* lines;
    });
    await migrate(empty);
    const restored = new Store({ database: empty, ids: createIds(), clock: systemClock, announce: () => undefined });
    const removed = await Promise.all(allRules.map((rule) => sweepTable(restored, rule)));
    const swept = ['deployment', 'release', 'revision', 'path_tree', 'rollout', 'target_status', 'issued_set'];
    const sizes = (of: Store) =>
      Promise.all(swept.map((table) => valuesIn(of, table, 'old').then((rows) => rows.length)));
    expect([removed.filter((rows) => rows > 0), await sizes(restored)]).toEqual([[], await sizes(store)]);
  });
});
