import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { planApplication, previewRollback, rollBack } from '@flotilla/control-delivery';
import { applyDocuments } from '@flotilla/control-sources';
import { createDatabase, DeliveryStore, RollbackStore, Store, StoredFleet } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { noFence, systemActor } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane } from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = systemActor('test');
const manifest = (text: string) => ({ 'services/checkout/dev/a.yaml': text });

describe('a commit', () => {
  it('becomes a release, a rollout and one set for each cluster, and nothing when no input changed', async () => {
    const plane = await openPlane(fixture);
    await plane.join('c1', { dev: 'true' });
    const { uid: cluster } = await plane.join('c2', { dev: 'true' });
    await plane.join('other', { dev: 'false' });
    const first = await plane.commit({ ...manifest('a: 1'), 'README.md': 'one' });
    expect(await plane.look()).toMatchObject({
      recorded: [{ commit: first }],
      planned: [plane.uidOf('Application', 'checkout')],
    });
    const plan = await plane.plan('checkout');
    expect(plan).toMatchObject({ releases: [{ revision: first }], rollouts: [{ environment: 'dev' }], problems: [] });
    expect(plan!.changes).toHaveLength(2);
    const content = await plane.record.setFor(cluster, noFence);
    expect(content).toMatchObject({
      previous: 0,
      fence: { epoch: 1, generation: 1 },
      entries: [{ application: 'checkout', generation: 1 }],
    });

    await plane.commit({ 'README.md': 'two' });
    expect(await plane.look()).toMatchObject({ planned: [] });
    expect(await plane.plan('checkout')).toMatchObject({ releases: [], rollouts: [], changes: [] });
  });

  it('AT-14 carries what its project allows, and when its environment lets it run, as soon as they say so', async () => {
    const plane = await openPlane(fixture);
    await plane.join('c1', { dev: 'true' });
    plane.commit(manifest('a: 1'));
    await plane.look();
    await plane.plan('checkout');
    const head = (kind: string, name: string) =>
      `apiVersion: fleet.flotilla.dev/v1alpha1\nkind: ${kind}\nmetadata: {name: ${name}}\n`;
    const text = `${head('Project', 'default')}spec: {allow: {namespaces: ['checkout-*']}}
---
${head('Environment', 'dev')}spec:
  clusters: {matchLabels: {dev: "true"}}
  windows: [{deny: '0 17 * * 5', duration: 63h, clusters: [c1]}, {allow: '0 3 * * *', duration: 1h, clusters: [other]}]
`;
    const files = [{ file: 'bounds.yaml', text }];
    const { problems } = await applyDocuments(plane.documents, { project: 'default', files, by, dryRun: false });
    const marked = await plane.store.query(`SELECT kind FROM work WHERE kind = 'plan'`);
    await plane.plan('checkout');
    const [{ entry } = {}] = await plane.store.query<{ entry: object }>('SELECT entry FROM target');
    expect([problems, marked.length, entry]).toMatchObject([
      [],
      1,
      {
        allow: { namespaces: ['checkout-*'], podSecurity: false },
        windows: [{ kind: 'deny', schedule: '0 17 * * 5', duration: '63h' }],
        needs: ['allow', 'windows'],
      },
    ]);
  });

  it('writes what it changes of a target into the place that it has, and into no index', async () => {
    const plane = await openPlane(fixture);
    const { uid: cluster } = await plane.join('c1', { dev: 'true' });
    // One session, so that what it did can be asked of it.
    const { url } = plane.store.manager.dataSource.options as { url?: string };
    const database = await createDatabase({ url: url!, poolMax: 1 }).initialize();
    const session = new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined });
    const ports = { record: new DeliveryStore(session), ids: createIds() };
    for (const text of ['a: 1', 'a: 2', 'a: 3']) {
      plane.commit(manifest(text));
      await plane.look();
      await planApplication(ports, plane.uidOf('Application', 'checkout'));
      expect(await plane.record.setFor(cluster, noFence)).toMatchObject({ entries: [{ application: 'checkout' }] });
    }
    await session.query('SELECT pg_stat_force_next_flush()');
    const written = `SELECT n_tup_ins::int AS made, n_tup_upd::int AS changed, n_tup_hot_upd::int AS alone
      FROM pg_stat_user_tables WHERE relname = 'target'`;
    expect(await session.query(written)).toEqual([{ made: 1, changed: 2, alone: 2 }]);
    await database.destroy();
  });

  it('whose path is missing leaves what runs as it is, and says so', async () => {
    const plane = await openPlane(fixture);
    await plane.join('c1', { dev: 'true' });
    const good = await plane.commit(manifest('a: 1'));
    await plane.look();
    await plane.plan('checkout');
    plane.repository.commit({ 'services/checkout/dev/a.yaml': undefined, 'other.txt': 'x' });
    await plane.look();
    await expect(plane.plan('checkout')).rejects.toMatchObject({
      reason: 'SourcePathMissing',
      consequence: { kind: 'stall' },
    });
    const { items } = await new StoredFleet(plane.store).targets({ project: 'default', page: { limit: 10 } });
    expect(items.map(({ entry }) => entry.source.revision)).toEqual([good]);
  });
});

it('AT-09: a rollback asks for one repair of each branch, in its own transaction, unless it says otherwise', async () => {
  const plane = await openPlane(fixture, ['checkout', 'catalog'], ['dev', 'staging']);
  await plane.join('c1', { dev: 'true', staging: 'true' });
  const rollbacks = new RollbackStore(plane.store);
  const commits: string[] = [];
  for (const text of ['a: 1', 'a: 2']) {
    const paths = ['checkout', 'catalog'].flatMap((name) =>
      ['dev', 'staging'].map((at) => `services/${name}/${at}/a.yaml`),
    );
    commits.push(await plane.commit(Object.fromEntries(paths.map((path) => [path, text]))));
    await plane.look();
    for (const name of ['checkout', 'catalog']) await plane.plan(name);
    await plane.store.query('UPDATE target SET last_good = release');
  }
  const base = { project: 'default', to: commits[0]!, reason: 'incident 42', runHooks: false };
  const orders = [
    { ...base, selection: { environment: 'dev' }, repair: true },
    { ...base, selection: { environment: 'staging' }, repair: false },
  ];
  for (const order of orders) {
    const { standing } = await previewRollback(rollbacks, order);
    await rollBack({ record: rollbacks, ids: createIds() }, { ...order, standing }, by);
  }
  const repairs = await plane.store.query(
    'SELECT branch, applications, paths, good_revision AS good, bad_revision AS bad, state FROM repair',
  );
  const marked = await plane.store.query(`SELECT count(*)::int FROM work WHERE kind = 'repair'`);
  expect([repairs, marked]).toEqual([
    [
      {
        branch: 'main',
        applications: ['catalog', 'checkout'],
        paths: ['services/catalog/dev', 'services/checkout/dev'],
        good: commits[0],
        bad: commits[1],
        state: 'Waiting',
      },
    ],
    [{ count: 1 }],
  ]);
});
