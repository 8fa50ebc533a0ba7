import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainTarget } from '@flotilla/control-fleet';
import {
  LivenessStore,
  StatusStore,
  StoredDelivery,
  StoredFleet,
  StoredLedger,
  StoredSources,
  WorkQueue,
  type Store,
} from '@flotilla/control-store';
import { placesFor } from '@flotilla/control-store/testing';
import { Fault, isoTime, systemClock } from '@flotilla/foundation';
import { noFence, type DesiredEntry, type Page, type PageRequest, type TargetStatus } from '@flotilla/model';
import { StoreFixture } from '../support/store-fixture.ts';
import { openPlane } from '../support/store-plane.ts';

let fixture: StoreFixture;
let plane: Awaited<ReturnType<typeof openFleet>>;
beforeAll(async () => {
  fixture = await StoreFixture.start();
  plane = await openFleet();
});
afterAll(() => fixture.stop());

const project = 'default';
const names = ['checkout', 'catalog', 'search'];
const whole = { limit: 100 };

/** Three applications on two clusters, of which one was heard and said that all is well. */
async function openFleet() {
  const opened = await openPlane(fixture, names);
  const { store, record } = opened;
  const [heard] = [await opened.join('c1', { dev: 'true' }), await opened.join('c2', { dev: 'true' })];
  const first = opened.commit(Object.fromEntries(names.map((name) => [`services/${name}/dev/a.yaml`, 'a: 1'])));
  await opened.look();
  for (const name of names) await opened.plan(name);
  const second = opened.commit({ 'services/checkout/dev/a.yaml': 'a: 2' });
  await opened.look();
  await opened.plan('checkout');
  const { entries, fence } = (await record.setFor(heard.uid, noFence))!;
  const liveness = new LivenessStore(store);
  const now = systemClock.now();
  const facts = { kubernetesVersion: 'v1.34.0', agentVersion: '0.1.0' };
  const said = { cluster: heard.uid, instance: 'i', leaseTransitions: 1, fence, statusDigest: '' };
  await liveness.heard([{ ...said, at: now, protocol: 1, setDigest: '', facts }]);
  const statuses = new StatusStore(store);
  await statuses.store([{ ...said, number: 1, items: entries.map(well) }], now);
  await statuses.recount(project);
  return { ...opened, first, second, liveness, now };
}

function well(entry: DesiredEntry): TargetStatus {
  const { target, generation, release, sourceDigest, source } = entry;
  const since = isoTime(systemClock.now());
  const applied = { revision: source.revision, release, sourceDigest, appliedAt: since };
  return { target, generation, ...applied, sync: 'Synced', health: 'Healthy', since, resources: [] };
}

type Read = (project: string, page: PageRequest) => Promise<Page<unknown>>;
const lists: readonly (readonly [string, number, Read])[] = [
  ['clusters', 2, (each, page) => new StoredFleet(plane.store).clusters({ project: each, page })],
  ['targets', 6, (each, page) => new StoredFleet(plane.store).targets({ project: each, page })],
  [
    'applications',
    3,
    (each, page) => new StoredSources(plane.store).documents({ project: each, kind: 'Application', page }),
  ],
  ['revisions', 2, (each, page) => new StoredSources(plane.store).revisions({ project: each, page })],
  ['releases', 4, (each, page) => new StoredDelivery(plane.store).releases({ project: each, page })],
  ['rollouts', 4, (each, page) => new StoredDelivery(plane.store).rollouts({ project: each, page })],
  ['deployments', 3, (each, page) => new StoredDelivery(plane.store).deployments({ project: each, page })],
  ['events', 13, (each, page) => new StoredLedger(plane.store).events({ project: each, page })],
];

/** None of them can be the key of a row: PostgreSQL would refuse each one. */
const moment = '2026-01-31 12:00:00+00';
const forgedKeys = [
  [],
  ['\0'],
  [7],
  ['yesterday', 'x'],
  ['2026-02-31 12:00:00+00', 'x'],
  ['294277-01-01 00:00:00+00', 'x'],
  [moment, '\0'],
  ['x', 'y', '\0'],
];

describe.each(lists)('%s', (_what, count, read) => {
  it('read page by page are what they are at once, and nothing to another project', async () => {
    const { items: atOnce, nextCursor } = await read(project, whole);
    const walked: unknown[] = [];
    for (let page: Page<unknown> | undefined = await read(project, { limit: 2 }); page;) {
      walked.push(...page.items);
      page = page.nextCursor ? await read(project, { limit: 2, cursor: page.nextCursor }) : undefined;
    }
    expect([atOnce.length, nextCursor, walked]).toEqual([count, undefined, atOnce]);
    expect(await read('other', whole)).toEqual({ items: [] });
  });

  it.each(forgedKeys)('AT-30: refuse a cursor that they did not write: %j', async (...key) => {
    const cursor = Buffer.from(JSON.stringify(key)).toString('base64url');
    await expect(read(project, { limit: 2, cursor })).rejects.toMatchObject({ reason: 'CursorInvalid' });
  });
});

describe('what a page costs', () => {
  /** So many that whoever looks at all of them for a page of twenty is found out. */
  const clusters = 2_000;
  let store: Store;
  beforeAll(async () => {
    ({ store } = await fixture.store());
    const each = `SELECT 'c' || number, $1::text FROM generate_series(1, ${clusters}) number`;
    await store.query(
      `WITH each (uid, project) AS (${each}),
         clusters AS (INSERT INTO cluster (uid, project, name, labels, created_at)
           SELECT uid, project, uid, '{}', now() FROM each),
         heard AS (INSERT INTO liveness (cluster, connection, last_seen_at, instance, lease_transitions, protocol, epoch,
           generation, set_digest) SELECT uid, 'Connected', now(), 'i', 1, 1, 1, 1, 'd' FROM each),
         wanted AS (INSERT INTO desired_set SELECT uid, 1, 1, 'd' FROM each),
         targets AS (INSERT INTO target (uid, project, application, application_name, environment, cluster, intent,
           release, generation, entry, entry_digest, on_remove, created_at)
           SELECT uid, project, 'a', 'a', 'e', uid, 'run', 'r', 1, '{}', 'd', 'orphan', now() FROM each)
       INSERT INTO issued_set SELECT uid, 1, 1, 'd' FROM each`,
      [project],
    );
    await store.query(`INSERT INTO listener VALUES ('status-1', now() + interval '1 hour')`);
    await store.query('ANALYZE');
  });

  const page = { limit: 20 };
  const pages: readonly (readonly [string, (fleet: StoredFleet) => Promise<Page<unknown>>])[] = [
    ['clusters', (fleet) => fleet.clusters({ project, page })],
    ['clusters by label', (fleet) => fleet.clusters({ project, page, matches: () => true })],
    ['targets', (fleet) => fleet.targets({ project, page })],
  ];

  it.each(pages)('AT-36: of %s, does not grow with what is not on it', async (_what, read) => {
    const asked: [string, readonly unknown[]][] = [];
    const listening: Pick<Store, 'query'> = {
      query: (sql, parameters = []) => {
        asked.push([sql, parameters]);
        return store.query(sql, parameters);
      },
    };
    expect((await read(new StoredFleet(listening as Store))).items).toHaveLength(page.limit);
    for (const [sql, parameters] of asked) expect(await lookups(store, sql, parameters)).toBeLessThan(clusters / 10);
  });
});

/** How often a statement looks something up by an index, one row of a page or one cluster after another. */
async function lookups(store: Store, sql: string, parameters: readonly unknown[]): Promise<number> {
  const [explained] = await store.query<{ 'QUERY PLAN': readonly [{ readonly Plan: PlanNode }] }>(
    `EXPLAIN (ANALYZE, TIMING false, FORMAT json) ${sql}`,
    parameters,
  );
  const most = (node: PlanNode): number => Math.max(node['Actual Loops'], ...(node.Plans ?? []).map(most));
  return most(explained!['QUERY PLAN'][0].Plan);
}

interface PlanNode {
  readonly 'Actual Loops': number;
  readonly Plans?: readonly PlanNode[];
}

describe('what screens read', () => {
  it('of targets can be narrowed by everything that tells them apart', async () => {
    const fleet = new StoredFleet(plane.store);
    const found = async (query: object) => {
      const { items } = await fleet.targets({ project, page: whole, ...query });
      return items.map(({ entry, cluster }) => `${entry.application} on ${cluster}`);
    };
    expect(await found({ application: 'checkout' })).toEqual(['checkout on c1', 'checkout on c2']);
    expect(await found({ cluster: 'c1', health: 'Healthy' })).toHaveLength(3);
    expect(await found({ cluster: 'c2', health: 'Unknown' })).toHaveLength(3);
    expect(await found({ sync: 'OutOfSync' })).toEqual([]);
    expect(await found({ uids: [] })).toEqual([]);
    expect(await found({ environment: 'staging' })).toEqual([]);
  });

  it('of a cluster tells whether it is heard, and of a deaf control plane that it is deaf', async () => {
    const fleet = new StoredFleet(plane.store);
    const connections = async () => {
      const { items } = await fleet.clusters({ project, page: whole });
      return items.map(({ name, connection }) => `${name} ${connection}`);
    };
    expect(await connections()).toEqual(['c1 Deaf', 'c2 Pending']);
    await plane.liveness.listening('status-1', plane.now);
    expect(await connections()).toEqual(['c1 Connected', 'c2 Pending']);
    await plane.liveness.lose(plane.now + 1);
    expect(await connections()).toEqual(['c1 Lost', 'c2 Pending']);
  });

  it('of a rollout says how far it came', async () => {
    const { items } = await new StoredDelivery(plane.store).rollouts({ project, application: 'checkout', page: whole });
    expect(items.map(({ revision, state, total, arrived }) => [revision, state, total, arrived])).toEqual([
      [plane.second, 'Running', 2, 1],
      [plane.first, 'Superseded', 2, 0],
    ]);
  });

  it('of rollouts gives those that are named, or have something left to do', async () => {
    const delivery = new StoredDelivery(plane.store);
    const all = await delivery.rollouts({ project, page: whole });
    const uidsOf = ({ items }: typeof all) => items.map(({ uid }) => uid);
    const over = all.items.filter(({ state }) => state === 'Superseded').map(({ uid }) => uid);
    const open = uidsOf(all).filter((uid) => !over.includes(uid));
    const read = async (part: { uids?: string[]; open?: boolean }, of = project) =>
      uidsOf(await delivery.rollouts({ project: of, ...part, page: whole }));
    expect([over.length > 0, await read({ open: true }), await read({ uids: over }), await read({ uids: over }, 'x')])
      // Nothing of another project is told, whoever knows its name.
      .toEqual([true, open, over, []]);
  });

  it('of a repository shows where its refs were last seen, and why nothing moves', async () => {
    const sources = new StoredSources(plane.store);
    const key = plane.uidOf('Repository', 'shop');
    const queue = new WorkQueue(plane.store);
    const [work] = (await queue.claim('repository', placesFor(9))).filter((each) => each.key === key);
    const fault = new Fault({ code: 'unavailable', reason: 'GitHostFailed', message: 'HTTP 500' });
    await queue.fail(work!, fault, { afterMs: 60_000, now: systemClock.now() });
    expect(await sources.document(project, 'Repository', 'shop')).toMatchObject({
      problem: { code: 'GitHostFailed', message: 'HTTP 500' },
      refs: [{ ref: 'refs/heads/main', commit: plane.second }],
    });
    const fleet = new StoredFleet(plane.store);
    const { items } = await fleet.targets({ project, application: 'search', cluster: 'c2', page: whole });
    const [blocked] = explainTarget(items[0]!, {
      waiting: await fleet.waitingFor(items[0]!.uid),
      now: systemClock.now(),
    });
    expect(blocked).toMatchObject({ state: 'reading the repository failed', blockedBy: 'GitHostFailed: HTTP 500' });
  });

  it('of an application that never came anywhere says that its repository cannot be read', async () => {
    const young = await openPlane(fixture, ['checkout']);
    const queue = new WorkQueue(young.store);
    const [work] = await queue.claim('repository', placesFor(9));
    const fault = new Fault({ code: 'not-found', reason: 'GitRepositoryNotFound', message: 'HTTP 404' });
    await queue.fail(work!, fault, { afterMs: 60_000, now: systemClock.now() });
    const problems = async (sources: StoredSources) => {
      const { items } = await sources.documents({ project, kind: 'Application', page: whole });
      return items.map(({ problem }) => problem);
    };
    expect([await problems(new StoredSources(young.store)), await problems(new StoredSources(plane.store))]).toEqual([
      [{ code: 'GitRepositoryNotFound', message: 'HTTP 404' }],
      [undefined, undefined, undefined],
    ]);
  });

  it('of a project that is nobody’s is the default one alone', async () => {
    const { store } = await fixture.store();
    expect(await new StoredSources(store).projects()).toEqual(['default']);
  });
});
