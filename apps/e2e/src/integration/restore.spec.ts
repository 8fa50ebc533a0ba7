import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentObjects } from '@flotilla/agent';
import { operations, type ClusterView, type RecoveryPlanView, type TargetView } from '@flotilla/contracts';
import { systemClock } from '@flotilla/foundation';
import {
  isReady,
  plainEnvironment,
  program,
  serviceNames,
  serviceProcess,
  startChild,
  until,
  type Child,
} from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const applications = ['checkout', 'catalog'];

const manifest = (name: string, value: string) =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\ndata: {a: "${value}"}\n`;
const files = (value: string) =>
  Object.fromEntries(applications.map((name) => [`services/${name}/dev/a.yaml`, manifest(name, value)]));

/**
 * Yesterday's backup under a running fleet: two clusters that went on after it was taken, and one that joined only then.
 * The procedure is that of docs/operations.md.
 */
describe('AT-43: a restored database under a running fleet', () => {
  let plane: PlaneFixture;
  let services: readonly Child[] = [];
  const clusters = new Map<string, SimulatedClusterProcess>();
  const agents = new Map<string, Child>();
  let backup: string;
  let newest: string;
  let before: string[];

  beforeAll(async () => {
    plane = await startPlane();
    backup = join(plane.directory, 'flotilla.backup');
    const first = await plane.git.createRepository('shop', files('1')).then(() => '1');
    const text = fleetDocuments(applications, { url: plane.git.url('shop') }).replace(
      /spec: \{url: ("[^"]+")\}/,
      'spec: {url: $1, poll: {interval: 10s}}',
    );
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    for (const name of ['alpha', 'beta']) await joinCluster(name);
    await runsEverywhere(first, 4);
  });

  afterAll(async () => {
    await Promise.all([...agents.values(), ...services].map((child) => child.stop()));
    await Promise.all([...clusters.values()].map((cluster) => cluster.stop()));
    await plane?.stop();
  });

  async function joinCluster(name: string): Promise<void> {
    const cluster = clusters.get(name) ?? (await startSimulatedCluster(plane.directory, name));
    clusters.set(name, cluster);
    agents.set(name, await startAgentProcess(plane, { name, labels: { dev: 'true' }, access: cluster.access }));
  }

  const dump = (databaseUrl: string, ...words: string[]) =>
    promisify(execFile)(process.execPath, [program('status', 'backup.js'), ...words], {
      env: { ...plainEnvironment(), DATABASE_URL: databaseUrl },
    });

  const objectAt = (cluster: SimulatedClusterProcess, name: string) =>
    cluster.client.get({ group: '', kind: 'ConfigMap', namespace: `${name}-dev`, name });

  /** Every object of every application in every cluster, with the version that any write would move. */
  async function objects(): Promise<string[]> {
    const lines: string[] = [];
    for (const [cluster, process] of clusters) {
      for (const name of applications) {
        const object = await objectAt(process, name);
        const { uid, resourceVersion } = object?.metadata ?? {};
        lines.push(`${cluster} ${name} ${JSON.stringify(object?.data)} ${uid} ${resourceVersion}`);
      }
    }
    return lines;
  }

  const targets = async (): Promise<readonly TargetView[]> =>
    (await plane.client.call(operations.listTargets, { params })).items;
  const clusterViews = async (): Promise<readonly ClusterView[]> =>
    (await plane.client.call(operations.listClusters, { params })).items;
  const plan = (): Promise<RecoveryPlanView> => plane.client.call(operations.planRecovery, {});

  async function runsEverywhere(value: string, count: number): Promise<void> {
    await until(
      async () => {
        const all = await targets();
        const well = all.filter(({ spec, status }) => status.sync === 'Synced' && status.revision === spec.revision);
        // A cluster that is on no record runs what it ran.
        const known = new Set(all.map(({ spec }) => spec.cluster));
        const lines = (await objects()).filter((line) => known.has(line.split(' ', 1)[0]!));
        return (
          well.length === count && all.length === count && lines.every((line) => line.includes(`{"a":"${value}"}`))
        );
      },
      { what: `${count} targets to run ${value}`, timeoutMs: 60_000, intervalMs: 200 },
    );
  }

  it('a backup is taken while the services run', async () => {
    const { stdout } = await dump(plane.databaseUrl, 'write', backup);
    expect(stdout).toMatch(/is whole: \d+ rows of \d+ tables/);
  });

  it('the fleet goes on: a commit, a suspension and a third cluster that the backup does not know', async () => {
    newest = await plane.git.commit('shop', files('2'));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await joinCluster('gamma');
    await runsEverywhere('2', 6);
    await plane.client.call(operations.suspendTargets, {
      params,
      body: { choice: { application: 'catalog', cluster: 'alpha' }, reason: 'incident 42' },
    });
    await until(async () => (await targets()).some(({ status }) => status.reason?.code === 'Suspended'), {
      what: 'the suspension to be in force',
    });
    before = await objects();
  });

  it('its database is lost, and yesterday is restored into an empty one', async () => {
    await Promise.all(Object.values(plane.services).flatMap((children) => children.map((child) => child.stop())));
    const databaseUrl = await plane.postgres.createDatabase('restored');
    const { stdout } = await dump(databaseUrl, 'restore', backup);
    expect(stdout).toContain('flotilla recover');
    services = serviceNames.map((name) =>
      startChild(
        serviceProcess(name, {
          secrets: plane.secrets,
          databaseUrl,
          natsUrl: plane.nats.url,
          gatewayPort: Number(new URL(plane.urls[0]!).port),
          healthPort: plane.healthPorts[name][0]!,
          logFile: join(plane.directory, 'logs', `${name}-restored.log`),
          cacheDirectory: join(plane.directory, 'cache-restored'),
        }),
      ),
    );
    for (const name of serviceNames)
      await until(() => isReady(plane.healthPorts[name][0]!), { what: name, timeoutMs: 60_000 });
  });

  it('every cluster that went on is Ahead, and the newest commit is seen again by itself', async () => {
    const connections = await until(
      async () => {
        const views = (await clusterViews()).map(({ metadata, status }) => `${metadata.name} ${status.connection}`);
        const isPlanned = (await targets()).every(({ spec }) => spec.revision === newest);
        return views.every((view) => view.endsWith('Ahead')) && isPlanned && views;
      },
      { what: 'both clusters to be Ahead, and the commit to be planned', timeoutMs: 90_000, intervalMs: 200 },
    );
    expect(connections).toEqual(['alpha Ahead', 'beta Ahead']);
    const [target] = await targets();
    const story = await plane.client.call(operations.getTarget, { params: { ...params, uid: target!.metadata.uid } });
    expect(story.explanation.map(({ whoCanAct }) => whoCanAct)).toContain('whoever may run: flotilla recover');
  });

  it('two more commits bring the database past what the clusters hold, and nobody is sent any of it', async () => {
    for (const value of ['3', '4']) {
      newest = await plane.git.commit('shop', files(value));
      await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
      await until(async () => (await targets()).every(({ spec }) => spec.revision === newest), {
        what: 'the commit to be planned',
        timeoutMs: 60_000,
      });
    }
    const plannedAt = systemClock.now();
    const views = await until(
      async () => {
        const all = await clusterViews();
        // Each said since what it holds, and had its chance to be sent what it lacks.
        return all.every(({ status }) => Date.parse(status.lastSeenAt!) > plannedAt) && all;
      },
      { what: 'both clusters to be heard', timeoutMs: 60_000, intervalMs: 200 },
    );
    const isPast = views.map(({ status }) => status.fence.generation > status.agentFence!.generation);
    expect({ isPast, objects: await objects() }).toEqual({ isPast: [true, true], objects: before });
  });

  it('no report is lost: what agents say now is stored, whatever the database believes', async () => {
    const stopped = await until(
      async () => (await targets()).find(({ status }) => status.reason?.code === 'Suspended'),
      { what: 'the report of the suspended target', timeoutMs: 60_000 },
    );
    expect([stopped.spec.cluster, stopped.spec.application, stopped.spec.suspended]).toEqual([
      'alpha',
      'catalog',
      undefined,
    ]);
  });

  it('the plan says what would change, what is lost, and who is not known; and nothing was written anywhere', async () => {
    const { ahead, strangers, restored } = await until(
      async () => {
        const planned = await plan();
        return planned.ahead.every(({ recovery }) => recovery) && planned.strangers.length > 0 && planned;
      },
      { what: 'a whole plan', timeoutMs: 30_000 },
    );
    expect(restored).toBeDefined();
    expect(ahead.map(({ name, recovery }) => ({ name, ...recovery }))).toEqual([
      {
        name: 'alpha',
        added: [],
        changed: ['default/catalog in dev', 'default/checkout in dev'],
        unchanged: 0,
        unlisted: [],
        lostOrders: [
          { target: 'default/catalog in dev', suspended: expect.objectContaining({ reason: 'incident 42' }) },
        ],
        lostFreezes: [],
      },
      expect.objectContaining({ name: 'beta', unlisted: [], lostOrders: [] }),
    ]);
    expect(strangers).toHaveLength(1);
    expect(await objects()).toEqual(before);
  });

  it('one command resumes, twice is once, and all come right by Git', async () => {
    const order = () => plane.client.call(operations.recover, { body: { epoch: 1, reason: 'restored' } });
    const [one, other] = await Promise.all([order(), order()]);
    expect([one.epoch, other.epoch, [one, other].filter(({ opened }) => opened).length]).toEqual([2, 2, 1]);
    const fences = await until(
      async () => {
        const views = (await clusterViews()).map(({ status }) => status);
        const hold = views.every(({ fence, agentFence }) => agentFence?.generation === fence.generation);
        return hold && views.every(({ connection, fence }) => connection === 'Connected' && fence.epoch === 2) && views;
      },
      { what: 'both clusters to hold the new epoch', timeoutMs: 60_000, intervalMs: 200 },
    );
    expect(fences).toHaveLength(2);
    await runsEverywhere('4', 4);
  });

  it('the third cluster ran on untouched, and joins again under its name', async () => {
    const gamma = clusters.get('gamma')!;
    expect((await objects()).filter((line) => line.startsWith('gamma'))).toEqual(
      before.filter((line) => line.startsWith('gamma')),
    );
    await agents.get('gamma')!.stop();
    const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.identity };
    const { uid } = (await gamma.client.get(key))!.metadata;
    await gamma.client.delete(key, { uid: uid!, propagation: 'Background' });
    await joinCluster('gamma');
    await runsEverywhere('4', 6);
    expect((await plan()).ahead).toEqual([]);
  });
});
