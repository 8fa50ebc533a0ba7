import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  ClusterStore,
  KeyStore,
  LivenessStore,
  RecoveryStore,
  StatusStore,
  StoredDelivery,
} from '@flotilla/control-store';
import { planDelivery } from '@flotilla/control-delivery';
import { deleteDocument } from '@flotilla/control-sources';
import { createIds, isoTime, systemClock } from '@flotilla/foundation';
import { noFence, systemActor, type DesiredEntry, type TargetStatus } from '@flotilla/model';
import { storeOfSpec } from '../support/store-of-spec.ts';
import { openPlane } from '../support/store-plane.ts';

const fixture = storeOfSpec({ beforeAll, afterEach, afterAll });

const by = { kind: 'user', name: 'ann' } as const;
const project = 'default';

function well({ target, generation, release, sourceDigest, source }: DesiredEntry): TargetStatus {
  const now = isoTime(systemClock.now());
  const applied = { revision: source.revision, release, sourceDigest, appliedAt: now };
  return { target, generation, ...applied, sync: 'Synced', health: 'Healthy', since: now, resources: [] };
}

const helloOf = (cluster: string) => ({
  cluster,
  at: systemClock.now(),
  instance: 'i',
  leaseTransitions: 1,
  protocol: 1,
  fence: { epoch: 1, generation: 1 },
  setDigest: '',
  statusDigest: '',
  facts: { kubernetesVersion: 'v1', agentVersion: 'v1' },
});

/** `checkout` runs on two clusters; both took the first release, and only `alive` takes the second. */
async function openFleet(stages?: readonly string[]) {
  const plane = await openPlane(fixture, ['checkout'], stages ? ['dev', 'staging'] : ['dev'], stages);
  const { store, record, commit, look, plan, join } = plane;
  const [alive, dead] = [await join('alive', { dev: 'true' }), await join('dead', { dev: 'true' })];
  const statuses = new StatusStore(store);
  let number = 0;
  const report = async (cluster: string) => {
    const { entries, fence } = (await record.setFor(cluster, noFence))!;
    const said = { cluster, number: ++number, instance: 'i', leaseTransitions: 1, fence, statusDigest: '' };
    await statuses.store([{ ...said, items: entries.map(well) }], systemClock.now());
  };
  const release = async (text: string) => {
    commit({ 'services/checkout/dev/a.yaml': text, 'services/checkout/staging/a.yaml': text });
    await look();
    return (await plan('checkout'))!.rollouts[0]!.uid;
  };
  await release('a: 1');
  for (const { uid } of [alive, dead]) await report(uid);
  const rollout = await release('a: 2');
  await report(alive.uid);
  const clusters = new ClusterStore(store);
  const forget = (evenConnected = false) => clusters.forget({ project, name: 'dead', evenConnected, by });
  return {
    ...plane,
    alive,
    dead,
    rollout,
    forget,
    statuses,
    liveness: new LivenessStore(store),
    recovery: new RecoveryStore(store),
  };
}

const messagesOf = async ({ store }: Pick<Awaited<ReturnType<typeof openFleet>>, 'store'>, action: string) =>
  (await store.query<{ message: string }>('SELECT message FROM ledger WHERE action = $1', [action])).map(
    ({ message }) => message,
  );

describe('AT-06: a cluster whose record is deleted', () => {
  it('orphans what it runs: nothing is sent there, no rollout waits for it, and history keeps its name', async () => {
    const fleet = await openFleet();
    const { record, rollout, dead, store } = fleet;
    expect(await record.settleRollout(rollout)).toMatchObject({ total: 2, arrived: 1 });
    await fleet.forget();
    await fleet.plan('checkout');
    expect(await record.settleRollout(rollout)).toMatchObject({ total: 1, arrived: 1 });
    expect(await record.settleRollout(rollout)).toBeUndefined();
    expect([await record.setFor(dead.uid, noFence), await record.behind(new Map([[dead.uid, noFence]]))]).toEqual([
      undefined,
      [],
    ]);
    const { items } = await new StoredDelivery(store).deployments({ project, cluster: 'dead', page: { limit: 10 } });
    expect(items.map(({ cluster, health }) => [cluster, health])).toEqual([['dead', 'Healthy']]);
    expect(await messagesOf(fleet, 'cluster.forget')).toEqual([
      'dead is forgotten; what it runs stays there as it is, and nobody looks after it (targets: 1)',
    ]);
  });

  it('holds up no stage that comes after its own: who was not well there is planned without', async () => {
    const fleet = await openFleet([
      '{environment: dev, track: {repository: shop, branch: main}}',
      '{environment: staging, after: [dev]}',
    ]);
    await fleet.forget();
    const marked = () => fleet.store.query<{ key: string }>(`DELETE FROM work WHERE kind = 'plan' RETURNING key`);
    await marked();
    const again: number[] = [];
    for (let times = 0; times < 2; times++) {
      await fleet.plan('checkout');
      again.push((await marked()).length);
    }
    expect(again).toEqual([1, 0]);
  });

  it('is told nothing when it comes back, and is shown with the reason', async () => {
    const fleet = await openFleet();
    await fleet.forget();
    for (let times = 0; times < 2; times++) await fleet.liveness.heard([helloOf(fleet.dead.uid)]);
    const { strangers } = await fleet.recovery.standing();
    expect(strangers.map(({ uid, forgotten }) => [uid, forgotten?.name, forgotten?.by])).toEqual([
      [fleet.dead.uid, 'dead', 'user:ann'],
    ]);
    expect(await messagesOf(fleet, 'cluster.refuse')).toEqual([expect.stringMatching(/told nothing: user:ann/)]);
  });

  it('is not believed any more: what it reports is kept nowhere, so no receipt says that it is', async () => {
    const fleet = await openFleet();
    const { entries, fence } = (await fleet.record.setFor(fleet.dead.uid, noFence))!;
    const kept = async () => {
      const [row] = await fleet.store.query<Record<'reports' | 'deployments', string>>(
        `SELECT (SELECT count(*) FROM last_report WHERE cluster = $1) AS reports,
           (SELECT count(*) FROM deployment WHERE target = $2) AS deployments`,
        [fleet.dead.uid, entries[0]!.target],
      );
      return row;
    };
    const before = await kept();
    await fleet.forget();
    const from = { cluster: fleet.dead.uid, instance: 'i', leaseTransitions: 1 };
    const said = { ...from, number: 99, fence, statusDigest: '', items: entries.map(well) };
    const stored = await fleet.statuses.store([said], systemClock.now());
    expect({ ...stored, before, after: await kept() }).toEqual({
      changed: [],
      dropped: [],
      disbelieved: [said],
      before: { reports: '1', deployments: '1' },
      after: { reports: '0', deployments: '1' },
    });
  });

  it('leaves no key behind that opens anything: the broker shall refuse each that has not run out', async () => {
    const fleet = await openFleet();
    const keys = new KeyStore(fleet.store);
    await fleet.store.query(
      `INSERT INTO cluster_key (user_key, cluster, enrolled_at, expires_at)
       VALUES ('UDEAD', $1, now(), now() + interval '1 day'), ('UALIVE', $2, now(), now() + interval '1 day')`,
      [fleet.dead.uid, fleet.alive.uid],
    );
    const refused = async () => [...(await keys.wanted(systemClock.now())).keys()];
    const before = await refused();
    await fleet.forget();
    expect({ before, after: await refused() }).toEqual({ before: [], after: ['UDEAD'] });
  });

  it('is not forgotten by a wrong name: one that is heard stays, unless a person insists', async () => {
    const fleet = await openFleet();
    await fleet.liveness.heard([helloOf(fleet.dead.uid)]);
    await expect(fleet.forget()).rejects.toMatchObject({ reason: 'ClusterConnected' });
    expect(await fleet.forget(true)).toMatchObject({ uid: fleet.dead.uid });
  });

  it('gives its name back: whoever joins under it is a new cluster with new targets', async () => {
    const fleet = await openFleet();
    await fleet.forget();
    await fleet.plan('checkout');
    const { uid } = await fleet.join('dead', { dev: 'true' });
    await fleet.plan('checkout');
    expect(uid).not.toBe(fleet.dead.uid);
    expect((await fleet.record.setFor(uid, noFence))?.entries).toHaveLength(1);
    const order = { epoch: 1, reason: 'test', by: systemActor('test') };
    expect(await fleet.recovery.recover(order)).toEqual({ epoch: 1, opened: false });
  });
});

describe('AT-06: a target leaves', () => {
  it.each([
    ['because a person deleted its application, who was told what goes', 'user:ann'],
    ['because its cluster has other labels', undefined],
    ['because a commit no longer holds its application', undefined],
  ])('%s', async (why, deletedBy) => {
    const plane = await openPlane(fixture);
    const cluster = await plane.join('c1', { dev: 'true' });
    plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
    await plane.look();
    await plane.plan('checkout');
    const application = plane.uidOf('Application', 'checkout');
    const key = { project, kind: 'Application', name: 'checkout' } as const;
    if (why.includes('labels')) await new ClusterStore(plane.store).label({ project, name: 'c1', labels: {}, by });
    else {
      const who = deletedBy ? by : systemActor('sources');
      await deleteDocument(plane.documents, { key, by: who, dryRun: false });
    }
    await plane.record.plan(application, (facts) => planDelivery(facts, createIds()));
    const [entry] = (await plane.record.setFor(cluster.uid, noFence))!.entries;
    expect([entry!.intent, entry!.deletedBy]).toEqual(['orphan', deletedBy]);
  });
});
