import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sweepTables } from '@flotilla/control-host';
import {
  createDatabase,
  deliveryRetention,
  gatewayRetention,
  IdempotencyStore,
  migrate,
  restoreBackup,
  sealLedger,
  sourcesRetention,
  statusRetention,
  Store,
  sweepTable,
  writeBackup,
  type RetentionRule,
} from '@flotilla/control-store';
import { createIds, isoTime, systemClock, systemRandom } from '@flotilla/foundation';
import { createLogger } from '@flotilla/platform-telemetry';
import { storeOfSpec } from '../support/store-of-spec.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

type Row = Readonly<Record<string, unknown>>;

const dayMs = 86_400_000;
const start = systemClock.now();
const daysAgo = (days: number) => isoTime(start - days * dayMs);
const status = statusRetention({ deploymentsMs: 30 * dayMs });
const gateway = gatewayRetention({ ledgerMs: 30 * dayMs });
const all = [...status, ...deliveryRetention, ...sourcesRetention, ...gateway];

async function plant(store: Store, rows: Readonly<Record<string, readonly Row[]>>): Promise<void> {
  for (const [table, lines] of Object.entries(rows)) {
    for (const line of lines) {
      const columns = Object.keys(line).join(', ');
      await store.query(
        `INSERT INTO ${table} (${columns}) SELECT ${columns} FROM jsonb_populate_record(NULL::${table}, $1)`,
        [JSON.stringify(line)],
      );
    }
  }
}

async function sweep(store: Store, rules: readonly RetentionRule[]): Promise<void> {
  for (const rule of rules) await sweepTable(store, rule);
}

async function valuesIn(store: Store, table: string, value: string): Promise<string[]> {
  const rows = await store.query<{ value: string }>(`SELECT (${value})::text AS value FROM ${table} old ORDER BY 1`);
  return rows.map((row) => row.value);
}

const document = (uid: string, kind: string) => ({
  uid,
  project: 'p',
  kind,
  name: uid,
  spec: {},
  labels: {},
  annotations: {},
  owner: 'o',
  generation: 1,
  created_at: daysAgo(900),
  updated_at: daysAgo(900),
});
const cluster = (uid: string) => ({ uid, project: 'p', name: uid, labels: {}, created_at: daysAgo(900) });
const forgotten = (uid: string) => ({ uid, project: 'p', name: uid, at: daysAgo(1), actor: 'a' });
const target = (uid: string, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  environment: 'dev',
  cluster: 'c',
  intent: 'run',
  release: 'r',
  generation: 1,
  entry: {},
  entry_digest: 'd',
  on_remove: 'keep',
  created_at: daysAgo(900),
  ...over,
});
const deployment = (of: string, days: number) => ({
  target: of,
  at: daysAgo(days),
  project: 'p',
  application_name: 'app',
  environment: 'dev',
  cluster: 'c',
  release: 'r',
  revision: 'v',
  health: 'Healthy',
});
const statusRow = (of: string) => ({
  target: of,
  cluster: 'c',
  generation: 1,
  sync: 'Synced',
  health: 'Healthy',
  since: daysAgo(1),
  gone: false,
  reported_at: daysAgo(1),
});
const release = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  revision: `commit-${uid}`,
  digests: {},
  contents: {},
  created_at: daysAgo(days),
  ...over,
});
const rollout = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  application: 'app',
  application_name: 'app',
  environment: 'dev',
  release: 'r',
  revision: 'v',
  cause: 'tracking',
  state: 'Finished',
  created_at: daysAgo(days + 1),
  finished_at: daysAgo(days),
  ...over,
});
const repair = (uid: string, days: number, over: Row = {}) => ({
  uid,
  project: 'p',
  rollback: uid,
  repository: 'repo',
  branch: 'main',
  applications: [],
  paths: [],
  good_revision: 'g',
  bad_revision: 'b',
  reason: 'r',
  actor: { kind: 'user', name: 'ann' },
  state: 'Pushed',
  attempts: 1,
  conflicts: [],
  created_at: daysAgo(days),
  updated_at: daysAgo(days),
  ...over,
});
const revision = (commit: string, seq: number, over: Row = {}) => ({
  repository: 'repo',
  ref: 'main',
  commit,
  project: 'p',
  seq,
  author: 'a',
  subject: 's',
  committed_at: daysAgo(900),
  seen_at: daysAgo(800 - seq),
  ...over,
});
const tree = (path: string, seq: number, over: Row = {}) => ({
  repository: 'repo',
  ref: 'main',
  path,
  seq,
  tree: 't',
  ...over,
});
const oldAnswer = (key: string) => ({
  principal: 'a',
  key,
  request_digest: 'd',
  created_at: daysAgo(2),
});
const line = (days: number) => ({
  at: daysAgo(days),
  project: 'p',
  actor: 'a',
  action: 'x',
  subject: 's',
  message: `${days}`,
});

describe('what nobody needs any more', () => {
  it('of status: old deployments but the newest of each target, what was said of targets that are gone, dead tokens', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      target: [target('lives'), target('still', { environment: 'prod' })],
      deployment: [
        ...[50, 40, 20].map((days) => deployment('lives', days)),
        ...[90, 80].map((days) => deployment('still', days)),
        ...[50, 20].map((days) => deployment('gone', days)),
      ],
      target_status: ['lives', 'gone'].map(statusRow),
      target_detail: ['lives', 'gone', 'long-gone'].map((of) => ({ target: of, resources: [], drift: [] })),
      join_token: [6, 8, -1].map((days) => ({ hash: `${days}`, cluster: 'c', expires_at: daysAgo(days) })),
    });
    await sweep(store, status);
    const days = `target || ' ' || round(extract(epoch FROM '${isoTime(start)}'::timestamptz - at) / 86400)`;
    expect({
      deployments: await valuesIn(store, 'deployment', days),
      statuses: await valuesIn(store, 'target_status', 'target'),
      details: await valuesIn(store, 'target_detail', 'target'),
      tokens: await valuesIn(store, 'join_token', 'hash'),
    }).toEqual({
      deployments: ['gone 20', 'lives 20', 'still 80'],
      statuses: ['lives'],
      details: ['lives'],
      tokens: ['-1', '6'],
    });
  });

  it('of delivery: rollouts of long ago, and releases that are neither among the last fifty nor named', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('app', 'Application')],
      release: [
        ...Array.from({ length: 50 }, (_, index) => release(`last-${index + 10}`, index)),
        ...['a-target', 'a-last-good', 'a-tombstone', 'a-rollout', 'nobody', 'an-old-rollout'].map((named) =>
          release(`named-by-${named}`, 400),
        ),
        release('left', 3, { application: 'deleted', application_name: 'deleted' }),
        release('leaving', 3, { application: 'deleting', application_name: 'deleting' }),
      ],
      target: [
        target('t1', { release: 'named-by-a-target', last_good: 'named-by-a-last-good' }),
        target('t2', { environment: 'prod', release: 'named-by-a-tombstone', gone_generation: 2 }),
        target('t3', { release: 'leaving', application: 'deleting', application_name: 'deleting' }),
      ],
      rollout: [
        rollout('old', 91, { release: 'named-by-an-old-rollout' }),
        rollout('recent', 89, { release: 'named-by-a-rollout' }),
        rollout('newest-elsewhere', 300, { environment: 'prod' }),
        rollout('runs', 300, { state: 'Running', finished_at: null }),
        rollout('finished-last', 300, { environment: 'staging' }),
        rollout('given-up', 200, { environment: 'staging', state: 'Aborted' }),
        rollout('of-a-deleted-one', 91, { application: 'deleted', application_name: 'deleted' }),
      ],
    });
    await sweep(store, deliveryRetention);
    expect({
      releases: (await valuesIn(store, 'release', 'uid')).filter((uid) => !uid.startsWith('last-')),
      last: (await valuesIn(store, 'release', 'uid')).filter((uid) => uid.startsWith('last-')).length,
      rollouts: await valuesIn(store, 'rollout', 'uid'),
    }).toEqual({
      releases: ['leaving', 'named-by-a-last-good', 'named-by-a-rollout', 'named-by-a-target', 'named-by-a-tombstone'],
      last: 50,
      rollouts: ['finished-last', 'given-up', 'newest-elsewhere', 'recent', 'runs'],
    });
  });

  it('of delivery: what was kept for a cluster that was forgotten, ended upgrades of agents, orders of yesterday', async () => {
    const { store } = await fixture.store();
    const set = (of: string) => ({ cluster: of, epoch: 1, generation: 1, digest: 'd' });
    const upgrade = (uid: string, days: number, state = 'Finished') => ({
      uid,
      project: 'p',
      image: 'i',
      version: 'v',
      at_once: 1,
      failures_max: 0,
      forgiven: 0,
      deadline_seconds: 9,
      state,
      created_at: daysAgo(days),
      finished_at: daysAgo(days),
    });
    const step = (of: string) => ({
      upgrade: of,
      cluster: 'c',
      cluster_name: 'c',
      state: 'Upgraded',
      since: daysAgo(100),
      was_well: [],
    });
    await plant(store, {
      cluster: [cluster('c')],
      forgotten_cluster: [forgotten('lost'), forgotten('leaving')],
      target: [
        target('stays'),
        target('unheard', { environment: 'qa', gone_generation: 2 }),
        target('unplanned', { environment: 'prod', cluster: 'leaving' }),
        target('never-heard', { cluster: 'lost', gone_generation: 2 }),
      ],
      desired_set: ['c', 'lost', 'leaving'].map(set),
      issued_set: ['c', 'lost', 'leaving'].map(set),
      agent_upgrade: [upgrade('first', 95), upgrade('second', 93), upgrade('third', 92)],
      upgrade_step: ['first', 'third'].map(step),
      rollout_step: [{ rollout: 'gone', cluster: 'c', wave: 0, place: 0 }],
      given_order: [0.9, 1.1].map((days) => ({ request: `${days}`, answer: {}, at: daysAgo(days) })),
    });
    await sweep(store, deliveryRetention);
    expect({
      targets: await valuesIn(store, 'target', 'uid'),
      sets: await valuesIn(store, 'desired_set', 'cluster'),
      issued: await valuesIn(store, 'issued_set', 'cluster'),
      upgrades: await valuesIn(store, 'agent_upgrade', 'uid'),
      steps: await valuesIn(store, 'upgrade_step', 'upgrade'),
      waves: await valuesIn(store, 'rollout_step', 'rollout'),
      orders: await valuesIn(store, 'given_order', 'request'),
    }).toEqual({
      targets: ['stays', 'unheard', 'unplanned'],
      sets: ['c', 'leaving'],
      issued: ['c'],
      upgrades: ['third'],
      steps: ['third'],
      waves: [],
      orders: ['0.9'],
    });
  });

  it('of sources: revisions behind the last two hundred but for heads and what releases name, and trees of no revision', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('repo', 'Repository')],
      revision: [
        ...Array.from({ length: 205 }, (_, index) => revision(`main-${index + 101}`, index + 1)),
        revision('head-of-a-branch', 1, { ref: 'branch' }),
        revision('of-a-deleted-one', 1, { repository: 'deleted' }),
        revision('released-of-a-deleted-one', 2, { repository: 'deleted' }),
      ],
      path_tree: [
        ...[1, 2, 3, 4, 9].map((seq) => tree('often', seq)),
        tree('once', 1),
        tree('often', 1, { ref: 'branch' }),
        tree('any', 1, { repository: 'deleted' }),
      ],
      repository_look: ['repo', 'deleted'].map((repository) => ({ repository })),
      release: [
        release('r', 500, { revision: 'main-103' }),
        release('s', 500, { revision: 'released-of-a-deleted-one' }),
      ],
    });
    await sweep(store, sourcesRetention);
    const commits = await valuesIn(store, 'revision', 'commit');
    expect({
      last: commits.filter((commit) => commit > 'main-105' && commit.startsWith('main-')).length,
      others: commits.filter((commit) => !(commit > 'main-105' && commit.startsWith('main-'))),
      trees: await valuesIn(store, 'path_tree', `ref || ' ' || path || ' ' || seq`),
      looks: await valuesIn(store, 'repository_look', 'repository'),
    }).toEqual({
      last: 200,
      others: ['head-of-a-branch', 'main-103', 'released-of-a-deleted-one'],
      // The release of revision 3 keeps the tree of then; 4 is that of revisions 6 to 8.
      trees: ['branch often 1', 'main often 3', 'main often 4', 'main often 9', 'main once 1'],
      looks: ['repo'],
    });
  });

  it('of gateway: lines of the ledger that are too old, and answers of yesterday', async () => {
    const { store } = await fixture.store();
    const answer = (key: string, days: number) => ({
      principal: 'a',
      key,
      request_digest: 'd',
      status: 200,
      body: {},
      created_at: daysAgo(days),
    });
    await plant(store, {
      ledger: [line(400), line(31), line(29), line(35)],
      idempotency_key: [answer('today', 0.9), answer('yesterday', 1.1), answer('again', 1.1)],
    });
    // A key is free after a day, whether or not it was swept.
    const again = { principal: 'a', key: 'again', requestDigest: 'other' };
    expect(await new IdempotencyStore(store).begin(again)).toEqual({ ok: true, value: undefined });
    await sealLedger(store);
    await plant(store, { ledger: [line(99)] });
    await sweep(store, gateway);
    // Nothing goes from behind a line that stays, and nothing that has no place in the chain yet.
    expect([await valuesIn(store, 'ledger', 'message'), await valuesIn(store, 'idempotency_key', 'key')]).toEqual([
      ['29', '35', '99'],
      ['again', 'today'],
    ]);
  });
});

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

describe('what of repairs stays', () => {
  it('is what is not over, and of the rest ninety days, as long as there is a repository', async () => {
    const { store } = await fixture.store();
    await plant(store, {
      document: [document('repo', 'Repository')],
      repair: [
        repair('new', 89),
        repair('old', 91),
        repair('failed', 91, { state: 'Failed' }),
        repair('open', 91, { state: 'PullRequestOpen' }),
        repair('undecided', 91, { state: 'Conflict' }),
        repair('of-a-deleted-one', 1, { repository: 'deleted', state: 'Waiting' }),
      ],
    });
    await sweep(store, sourcesRetention);
    expect(await valuesIn(store, 'repair', 'uid')).toEqual(['new', 'open', 'undecided']);
  });
});

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
        for (const rule of all) rows += await sweepTable(each, rule);
        return rows;
      }),
    );
    const large = 'deployment issued_set ledger path_tree release revision rollout target target_detail target_status';
    expect(before.map(({ table }) => table).join(' ')).toBe(large);
    expect(await scans()).toEqual(before);
    const again = await Promise.all(all.map((rule) => sweepTable(stores[0]!, rule)));
    expect([removed[0]! + removed[1]! > 150_000, again.filter((rows) => rows > 0)]).toEqual([true, []]);
    for (const each of replicas) await each.destroy();
  }, 120_000);

  it('leaves a row that somebody holds for the next time, and can be stopped', async () => {
    const { store } = await fixture.store();
    const rule = gateway.find(({ table }) => table === 'idempotency_key')!;
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
    const sweeping = sweepTables({ store, clock: systemClock, random: systemRandom, logger }, [broken, ...gateway]);
    await expect.poll(() => valuesIn(store, 'ledger', 'message')).toEqual(['1']);
    await sweeping.stop();
  });
});

describe('a backup of a record that was swept', () => {
  it('is restored, and swept again nothing of it goes', async () => {
    const { store, database } = await fixture.store();
    await database.query(many.replaceAll(/\b50000\b/g, '2000').replaceAll('49000', '1900'));
    await sweep(store, all);
    const lines: string[] = [];
    for await (const each of writeBackup(database, { version: '0.1.0', now: systemClock.now() }))
      lines.push(each.trimEnd());
    const empty = await fixture.database();
    await restoreBackup(empty, async function* () {
      yield* lines;
    });
    await migrate(empty);
    const restored = new Store({ database: empty, ids: createIds(), clock: systemClock, announce: () => undefined });
    const removed = await Promise.all(all.map((rule) => sweepTable(restored, rule)));
    const swept = ['deployment', 'release', 'revision', 'path_tree', 'rollout', 'target_status', 'issued_set'];
    const sizes = (of: Store) =>
      Promise.all(swept.map((table) => valuesIn(of, table, 'old').then((rows) => rows.length)));
    expect([removed.filter((rows) => rows > 0), await sizes(restored)]).toEqual([[], await sizes(store)]);
  });
});
