import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { principalOf } from '@flotilla/control-access';
import { previewRollback, rollBack } from '@flotilla/control-delivery';
import { tokensCases } from '@flotilla/control-access/testing';
import {
  deliveryRecordCases,
  promotionCases,
  recoveryCases,
  rollbackCases,
  waveCases,
} from '@flotilla/control-delivery/testing';
import { joinTokenHash, type HelloHeard } from '@flotilla/control-fleet';
import { clusterCases, keyCases, livenessCases } from '@flotilla/control-fleet/testing';
import { applyDocuments, deleteDocument } from '@flotilla/control-sources';
import { sourcesCases } from '@flotilla/control-sources/testing';
import {
  ClusterStore,
  IdempotencyStore,
  LivenessStore,
  migrate,
  RollbackStore,
  StoredFleet,
  TokenStore,
  waitingWork,
} from '@flotilla/control-store';
import { workCases } from '@flotilla/control-store/testing';
import { createIds, isoTime, systemClock } from '@flotilla/foundation';
import { noFence, systemActor, type TargetStatus } from '@flotilla/model';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openTarget, reportOf, statusOf } from '../support/stored-target.ts';
import {
  openPlane,
  storedDeliveryWorld,
  storedFleetWorld,
  storedPromotionWorld,
  storedSourcesWorld,
  storedWorkWorld,
} from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = systemActor('test');
const manifest = (text: string) => ({ 'services/checkout/dev/a.yaml': text });

/** When somebody comes, and until when he is let in. */
const today = () => ({ now: systemClock.now(), expiresAt: systemClock.now() + 3_600_000 });

describe('the tables', () => {
  it('are what the rows say they are, also when two replicas migrate at once', async () => {
    const database = await fixture.database();
    await Promise.all([migrate(database), migrate(database)]);
    const difference = await database.driver.createSchemaBuilder().log();
    expect(difference.upQueries.map(({ query }) => query)).toEqual([]);
  });
});

describe('work in PostgreSQL', () => {
  it.each(workCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedWorkWorld(fixture))).resolves.toBeUndefined();
  });

  it('is announced once it is committed, and never when it is not', async () => {
    const { store, announced } = await fixture.store();
    await store.transact(async (transaction) => {
      transaction.mark('plan', ['a']);
      expect(announced).toEqual([]);
    });
    const undecided = store.transact(async (transaction) => {
      transaction.mark('set', ['b']);
      throw new Error('undecided');
    });
    await expect(undecided).rejects.toThrow('undecided');
    expect(announced.map(({ work }) => work)).toEqual([['plan']]);
    expect(await store.query('SELECT kind, key FROM work')).toEqual([{ kind: 'plan', key: 'a' }]);
  });

  it('AT-37: belongs to the project of what its key names, and is counted for the twenty that wait for the most', async () => {
    const plane = await openPlane(fixture);
    const cluster = await plane.join('c1', { dev: 'true' });
    const crowd = Array.from({ length: 25 }, (_, index) => `project-${index}`);
    await plane.store.transact(async (transaction) => {
      transaction.mark('set', [cluster.uid]);
      transaction.mark('plan', [plane.uidOf('Application', 'checkout'), 'nobody']);
      transaction.mark('count', crowd);
    });
    const waiting = await waitingWork(plane.store, ['plan', 'set', 'count']);
    const counted = waiting.filter(({ kind }) => kind === 'count');
    expect([waiting.filter(({ kind }) => kind !== 'count'), counted.length, counted[0]]).toEqual([
      [
        { kind: 'plan', project: '', waiting: 1 },
        { kind: 'plan', project: 'default', waiting: 1 },
        { kind: 'set', project: 'default', waiting: 1 },
      ],
      21,
      { kind: 'count', project: '(others)', waiting: 6 },
    ]);
  });
});

describe('a condition that is missing', () => {
  it('is refused, and never read as "any row"', async () => {
    const { store, database } = await fixture.store();
    await new TokenStore(store).ensure('a-hash', principalOf('ann', ['admin']));
    for (const hash of [undefined, null]) {
      const where = { hash: hash as unknown as string };
      await expect(database.manager.findOneBy('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
      await expect(database.manager.findBy('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
      await expect(database.manager.update('ApiTokenRow', where, { name: 'bob' })).rejects.toThrow(/undefined|null/);
      await expect(database.manager.delete('ApiTokenRow', where)).rejects.toThrow(/undefined|null/);
    }
    expect(await store.query('SELECT name FROM api_token')).toEqual([{ name: 'ann' }]);
  });
});

describe('documents and revisions in PostgreSQL', () => {
  it.each(sourcesCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedSourcesWorld(fixture))).resolves.toBeUndefined();
  });
});

describe.each([
  ['deliveries in PostgreSQL', deliveryRecordCases],
  ['rollouts in waves in PostgreSQL', waveCases],
  ['AT-43: epochs in PostgreSQL', recoveryCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedDeliveryWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('a rollout in waves', () => {
  it('that is done while nobody listens is looked at again, and finished once somebody does', async () => {
    const { store, settle, hear, says } = await openWaves();
    await says({});
    await store.query('DELETE FROM listener');
    const deaf = await settle();
    await hear();
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
    expect(looks).toEqual([
      [halted, 1],
      [halted, 0],
      [halted, 0],
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

/** A release that goes in waves to one cluster that is heard, and was told of it. */
async function openWaves(strategy: object = {}) {
  const { store, record, cluster, statuses, announced, ...plane } = await openTarget(fixture);
  const liveness = new LivenessStore(store);
  const hear = () => liveness.listening('status', systemClock.now());
  const facts = { kubernetesVersion: 'v1.34.0', agentVersion: '0.2.0' };
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, setDigest: '', statusDigest: '', facts };
  await hear();
  await liveness.heard([{ ...said, cluster, at: systemClock.now(), fence: noFence }]);
  await store.query(`UPDATE document SET spec = spec || $1 WHERE kind = 'Environment'`, [
    { rollout: { maxFailures: 0, offline: 'skipAndCatchUp', ...strategy } },
  ]);
  plane.commit(manifest('a: 2'));
  await plane.look();
  const { uid } = (await plane.plan('checkout'))!.rollouts[0]!;
  const settle = () => record.settleRollout(uid);
  await settle();
  await plane.plan('checkout');
  const { entries } = (await record.setFor(cluster, noFence))!;
  const says = (over: Partial<TargetStatus>) =>
    statuses.store([reportOf(cluster, 1, [statusOf(entries[0]!, over)])], systemClock.now());
  return { store, announced, hear, settle, says };
}

describe('promotion in PostgreSQL', () => {
  it.each(promotionCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedPromotionWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('AT-09: rollbacks in PostgreSQL', () => {
  it.each(rollbackCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedDeliveryWorld(fixture))).resolves.toBeUndefined();
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

describe('a target', () => {
  it('that arrived finishes its rollout, counts, and enters its history once', async () => {
    const { store, statuses, record, cluster, entry, fleet } = await openTarget(fixture);
    const [rollout] = await store.query<{ uid: string }>('SELECT uid FROM rollout');
    expect(await record.settleRollout(rollout!.uid)).toMatchObject({ total: 1, arrived: 0 });
    const healthy = statusOf(entry);
    const applied = { ...healthy, health: 'Progressing' as const, since: healthy.appliedAt! };
    await statuses.store([reportOf(cluster, 1, [applied])], systemClock.now());
    await statuses.store([reportOf(cluster, 2, [healthy])], systemClock.now());
    expect(await record.settleRollout(rollout!.uid)).toMatchObject({ total: 1, arrived: 1 });
    expect(await store.query('SELECT state FROM rollout')).toEqual([{ state: 'Finished' }]);
    expect(await store.query('SELECT health, healthy_at IS NOT NULL AS healthy FROM deployment')).toEqual([
      { health: 'Healthy', healthy: true },
    ]);
    await statuses.recount('default');
    expect(await fleet.counts('default')).toMatchObject([
      { application: 'checkout', total: 1, sync: { Synced: 1 }, health: { Healthy: 1 } },
    ]);
  });

  it('that cannot take the next release leaves in its history what became of the one before', async () => {
    const { store, statuses, cluster, entry, commit, look, plan, record } = await openTarget(fixture);
    const well = statusOf(entry);
    await statuses.store([reportOf(cluster, 1, [well])], systemClock.now());
    await commit(manifest('a: {'));
    await look();
    await plan('checkout');
    const [next] = (await record.setFor(cluster, noFence))!.entries;
    const reason = { code: 'ManifestsInvalid', message: 'nothing was applied: a.yaml:1:1: no end' };
    const stuck = { ...well, generation: next!.generation, sync: 'Unknown', health: 'Unknown', reason } as const;
    const lateStuck = { ...stuck, appliedAt: isoTime(systemClock.now() + 1_000) };
    await statuses.store([reportOf(cluster, 2, [stuck])], systemClock.now());
    await statuses.store([reportOf(cluster, 3, [lateStuck])], systemClock.now());
    expect(await store.query('SELECT health, reason FROM deployment ORDER BY at')).toEqual([
      { health: 'Healthy', reason: null },
      { health: 'Unknown', reason: null },
    ]);
  });

  it('that left takes along what was said of it, and leaves its history', async () => {
    const { store, statuses, record, cluster, entry, plan, documents } = await openTarget(fixture);
    const well = statusOf(entry);
    await statuses.store([reportOf(cluster, 1, [well])], systemClock.now());
    await statuses.recount('default');
    const key = { project: 'default', kind: 'Application', name: 'checkout' } as const;
    await deleteDocument(documents, { key, by, dryRun: false });
    await plan('checkout');
    const [leaving] = (await record.setFor(cluster, noFence))!.entries;
    const gone = statusOf(leaving!, { gone: true, health: 'Missing', appliedAt: well.appliedAt! });
    await statuses.store([reportOf(cluster, 2, [gone])], systemClock.now());
    await plan('checkout');
    await statuses.recount('default');
    const left = ['target_status', 'target_detail', 'target_count', 'deployment'].map(
      (table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`,
    );
    expect(await store.query(`SELECT ${left.join(', ')}`)).toEqual([
      { target_status: 0, target_detail: 0, target_count: 0, deployment: 1 },
    ]);
  });

  it('is never set back by a report that comes late, nor by one of another cluster, nor by one of the future', async () => {
    const { statuses, cluster, entry, fleet, join } = await openTarget(fixture);
    const { uid: stranger } = await join('stranger', {});
    await statuses.store([reportOf(cluster, 5, [statusOf(entry)])], systemClock.now());
    const late = await statuses.store(
      [reportOf(cluster, 4, [statusOf(entry, { health: 'Degraded' })])],
      systemClock.now(),
    );
    expect(late.changed).toEqual([]);
    const lie = await statuses.store(
      [reportOf(stranger, 1, [statusOf(entry, { health: 'Missing' })])],
      systemClock.now(),
    );
    expect(lie).toEqual({ changed: [], disbelieved: [], dropped: [{ cluster: stranger, target: entry.target }] });
    const future = await statuses.store(
      [reportOf(cluster, 6, [statusOf(entry, { generation: 1_000_000, health: 'Missing' })])],
      systemClock.now(),
    );
    expect(future.dropped).toHaveLength(1);
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
  });

  it('AT-43: of a cluster that is ahead is heard, and never taken for an answer to what is wanted now', async () => {
    const { statuses, cluster, entry, fleet } = await openTarget(fixture);
    const ahead = { ...reportOf(cluster, 1, [statusOf(entry, { generation: 9 })]), fence: { epoch: 1, generation: 9 } };
    expect((await statuses.store([ahead], systemClock.now())).dropped).toEqual([]);
    const heard = await fleet.target('default', entry.target);
    expect([heard?.status?.health, heard?.status?.generation]).toEqual(['Healthy', entry.generation - 1]);
  });

  it('AT-24: is heard again once its cluster joined anew, however high a thief had counted before', async () => {
    const { store, statuses, cluster, entry, fleet } = await openTarget(fixture);
    const last = 2_147_483_647;
    const lie = statusOf(entry, { health: 'Missing' });
    await statuses.store([{ ...reportOf(cluster, last, [lie]), leaseTransitions: last }], systemClock.now());
    const joining = { tokenHash: joinTokenHash('c1'), userKey: 'U1', kubernetesUid: 'k', ...today() };
    await new ClusterStore(store).enrol(joining);
    await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
  });

  it('AT-26: is not changed by a second holder of the identity, in whatever order the two speak', async () => {
    const { store, statuses, cluster, entry, fleet } = await openTarget(fixture);
    const liveness = new LivenessStore(store);
    const hello = (instance: string, afterMs: number): HelloHeard => ({
      cluster,
      at: systemClock.now() + afterMs,
      instance,
      leaseTransitions: 1,
      protocol: 1,
      fence: noFence,
      setDigest: '',
      statusDigest: '',
      facts: { kubernetesVersion: 'v1', agentVersion: '0' },
    });
    await liveness.heard([hello('first', 0)]);
    let number = 0;
    const rounds: string[] = [];
    for (const instance of ['first', 'second', 'first', 'second', 'second', 'first']) {
      await liveness.heard([hello(instance, ++number * 10_000)]);
      const health = instance === 'first' ? 'Healthy' : 'Degraded';
      const said = { ...reportOf(cluster, number, [statusOf(entry, { health })]), instance };
      const { disbelieved } = await statuses.store([said], systemClock.now());
      const shown = (await fleet.target('default', entry.target))?.status?.health;
      rounds.push(`${instance}: ${disbelieved.length === 0 ? 'believed' : 'not'}, ${shown}`);
    }
    expect(rounds).toEqual(
      ['first', 'second', 'first', 'second', 'second', 'first'].map(
        (instance) => `${instance}: ${instance === 'first' ? 'believed' : 'not'}, Healthy`,
      ),
    );
    const alarms = await store.query(`SELECT count(*)::int AS alarms FROM ledger WHERE action = 'cluster.alarm'`);
    const { items } = await fleet.clusters({ project: 'default', page: { limit: 10 } });
    const deployments = await store.query(`SELECT DISTINCT health FROM deployment`);
    expect([alarms, items[0]?.alarm?.code, items[0]?.alarm?.instance, deployments]).toEqual([
      [{ alarms: 1 }],
      'IdentityDoubled',
      'second',
      [{ health: 'Healthy' }],
    ]);
  });

  it('AT-08: of a cluster that is revoked is neither changed nor sent anything, until it is let in again', async () => {
    const { store, statuses, record, cluster, entry, fleet, join } = await openTarget(fixture);
    const clusters = new ClusterStore(store);
    await clusters.revoke({ project: 'default', name: 'c1', reason: 'stolen', by });
    const { disbelieved } = await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    const [{ connection, revokedAt } = { connection: '', revokedAt: undefined }] = (
      await fleet.clusters({ project: 'default', page: { limit: 10 } })
    ).items;
    const shown = (await fleet.target('default', entry.target))?.status;
    expect({ disbelieved: disbelieved.length, shown, connection, isDated: revokedAt !== undefined }).toEqual({
      disbelieved: 1,
      shown: undefined,
      connection: 'Revoked',
      isDated: true,
    });
    expect([await record.setFor(cluster, noFence), await record.behind(new Map([[cluster, noFence]]))]).toEqual([
      undefined,
      [],
    ]);
    await join('c1', { dev: 'true' });
    await clusters.enrol({ tokenHash: joinTokenHash('c1'), userKey: 'U2', kubernetesUid: 'k', ...today() });
    await statuses.store([reportOf(cluster, 1, [statusOf(entry)])], systemClock.now());
    expect((await fleet.target('default', entry.target))?.status?.health).toBe('Healthy');
    expect(await record.behind(new Map([[cluster, noFence]]))).toEqual([cluster]);
  });

  it('AT-08: is not spoken of by another cluster in the very batch in which its own speaks', async () => {
    const { statuses, cluster, entry, fleet, join } = await openTarget(fixture);
    const { uid: stranger } = await join('stranger', {});
    const lie = reportOf(stranger, 1, [statusOf(entry, { health: 'Missing' })]);
    const stored = await statuses.store([reportOf(cluster, 1, [statusOf(entry)]), lie], systemClock.now());
    const heard = (await fleet.target('default', entry.target))?.status?.health;
    expect({ stored, heard }).toEqual({
      stored: { changed: [entry.target], disbelieved: [], dropped: [{ cluster: stranger, target: entry.target }] },
      heard: 'Healthy',
    });
  });
});

describe('documents', () => {
  it('are refused with the place of each problem, and then nothing at all is changed', async () => {
    const { documents } = await openPlane(fixture);
    const text = fleetDocuments(['billing']).replace('pipeline: standard', 'pipeline: standrd');
    const { plan, problems } = await applyDocuments(documents, {
      project: 'default',
      files: [{ file: 'b.yaml', text }],
      by,
      dryRun: false,
    });
    expect(problems).toMatchObject([
      { file: 'b.yaml', line: 22, path: 'spec.pipeline', message: 'there is no Pipeline default/standrd' },
    ]);
    expect(plan.problems).toHaveLength(1);
    expect((await documents.all('default')).some(({ document }) => document.metadata.name === 'billing')).toBe(false);
  });
});

describe.each([
  ['AT-24: clusters and join tokens in PostgreSQL', clusterCases],
  ['AT-25: the keys of clusters in PostgreSQL', keyCases],
  ['liveness in PostgreSQL', livenessCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await storedFleetWorld(fixture))).resolves.toBeUndefined();
  });
});

describe('API tokens in PostgreSQL', () => {
  it.each(tokensCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const { store } = await fixture.store();
    const world = {
      tokens: new TokenStore(store),
      revoke: async (hash: string) =>
        void (await store.query('UPDATE api_token SET revoked_at = now() WHERE hash = $1', [hash])),
      expire: async (hash: string, at: number) =>
        void (await store.query('UPDATE api_token SET expires_at = $2 WHERE hash = $1', [hash, isoTime(at)])),
    };
    await expect(run(world)).resolves.toBeUndefined();
  });
});

describe('the ledger', () => {
  it('AT-24: names every key that came with a join token, and was refused', async () => {
    const { store, join } = await openPlane(fixture);
    await join('c1', {});
    const clusters = new ClusterStore(store);
    const attempt = { tokenHash: joinTokenHash('c1'), kubernetesUid: 'k', ...today() };
    for (const userKey of ['U1', 'U2', 'U1']) await clusters.enrol({ ...attempt, userKey });
    expect(await store.query(`SELECT message FROM ledger WHERE action LIKE 'cluster.enrol%' ORDER BY id`)).toEqual([
      { message: 'c1 enrolled' },
      { message: 'a join token for c1 was refused: used' },
      { message: 'c1 enrolled' },
    ]);
  });
});

describe('an idempotency key', () => {
  const request = { principal: 'ann', key: 'k', requestDigest: 'd' };

  it('gives the first answer again, and tells what is under way from what is another request', async () => {
    const { store } = await fixture.store();
    const keys = new IdempotencyStore(store);
    expect(await keys.begin(request)).toEqual({ ok: true, value: undefined });
    expect(await keys.begin(request)).toEqual({ ok: false, reason: 'in-flight' });
    await keys.finish(request, { status: 201, body: { a: 1 } });
    expect(await keys.begin(request)).toEqual({ ok: true, value: { status: 201, body: { a: 1 } } });
    expect(await keys.begin({ ...request, requestDigest: 'other' })).toEqual({ ok: false, reason: 'other-request' });
  });
});
