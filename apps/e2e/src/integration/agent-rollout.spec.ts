import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentObjects } from '@flotilla/agent';
import { deploymentText } from '@flotilla/agent/testing';
import { operations, type AgentUpgradeView } from '@flotilla/contracts';
import type { KubeObject } from '@flotilla/model';
import { until } from '@flotilla/testing';
import { agentImage, buildAgent, cutOff } from '../support/agent-images.ts';
import { AgentKubelet, type LocalImage } from '../support/agent-kubelet.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const names = ['eu-1', 'eu-2', 'eu-3'] as const;
const { namespace } = agentObjects;
const imageOf = (tag: string, letter: string) => `registry.test/flotilla:${tag}@sha256:${letter.repeat(64)}`;
const images = {
  now: imageOf('0.1.0', 'a'),
  next: imageOf('0.2.0', 'b'),
  deaf: imageOf('0.2.1', 'c'),
  broken: imageOf('broken', 'd'),
};
const project = { project: 'default' };

let plane: PlaneFixture;
let clusters: SimulatedClusterProcess[] = [];
let kubelets: AgentKubelet[] = [];

/** The agent as its chart installs it. */
function deployment(environment: Readonly<Record<string, string>>): KubeObject {
  const labels = { app: 'flotilla-agent' };
  const env = [
    ...Object.entries({ ...environment, AGENT_DEPLOYMENT: 'flotilla-agent' }).map(([name, value]) => ({ name, value })),
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
  ];
  const container = { name: 'agent', image: images.now, args: ['apps/agent/dist/main.js'], env };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'flotilla-agent', namespace },
    spec: {
      replicas: 1,
      strategy: { type: 'Recreate' },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  } as KubeObject;
}

async function install(cluster: SimulatedClusterProcess, name: string): Promise<void> {
  const body = { name, labels: { dev: 'true' } };
  const { token } = await plane.client.call(operations.joinCluster, { params: project, body });
  const environment = { FLOTILLA_URL: plane.urls[0]!, JOIN_TOKEN: token, ...cluster.access };
  const make = (object: KubeObject) => cluster.client.create(object, { manager: 'helm' });
  await make({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await make(deployment(environment));
}

const manifests = `apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {a: "1"}
---
${deploymentText('web:1')}`;

beforeAll(async () => {
  plane = await startPlane();
  const { directory, git, client, nats } = plane;
  await git.createRepository('shop', { 'services/checkout/dev/all.yaml': manifests });
  const files = [{ file: 'fleet.yaml', text: fleetDocuments(['checkout'], { url: git.url('shop') }) }];
  await client.call(operations.applyDocuments, { params: project, body: { files } });
  const next = await buildAgent(directory, '0.2.0');
  const local: Record<string, LocalImage> = {
    [images.now]: agentImage,
    [images.next]: next,
    [images.deaf]: await cutOff(await buildAgent(directory, '0.2.1'), directory, Number(new URL(nats.url).port)),
  };
  clusters = await Promise.all(names.map((name) => startSimulatedCluster(directory, name)));
  kubelets = clusters.map(
    (cluster, index) => new AgentKubelet({ cluster, name: names[index]!, logs: `${directory}/logs`, images: local }),
  );
  for (const [index, cluster] of clusters.entries()) await install(cluster, names[index]!);
  await until(allSynced, { what: 'the fleet', timeoutMs: 60_000 });
});

afterAll(async () => {
  await Promise.all(kubelets.map((kubelet) => kubelet.stop()));
  await Promise.all(clusters.map((cluster) => cluster.stop()));
  await plane?.stop();
});

async function allSynced(): Promise<boolean> {
  const { items } = await plane.client.call(operations.listTargets, { params: project, query: {} });
  return items.length === 3 && items.every(({ status }) => status.sync === 'Synced' && status.health === 'Healthy');
}

async function open(image: string, version: string, over: object = {}): Promise<void> {
  const body = { image, version, deadlineSeconds: 5, ...over };
  await plane.client.call(operations.openAgentUpgrade, { params: project, body });
}

async function upgrade(): Promise<AgentUpgradeView> {
  const { items } = await plane.client.call(operations.listAgentUpgrades, { params: project, query: { limit: 1 } });
  return items[0]!;
}

async function ended(state: string): Promise<AgentUpgradeView> {
  const seen = async () => {
    const now = await upgrade();
    const isWhole = state !== 'Aborted' || now.status.finishedAt !== undefined;
    return now.status.state === state && isWhole && now;
  };
  return until(seen, { what: `an upgrade that is ${state}`, timeoutMs: 60_000 });
}

const agentDeployment = async (index: number) =>
  (await clusters[index]!.client.get({ group: 'apps', kind: 'Deployment', namespace, name: 'flotilla-agent' }))!;

async function agentImages(): Promise<string[]> {
  const read = async (_: unknown, index: number) => {
    const { spec } = await agentDeployment(index);
    return (spec as { template: { spec: { containers: [{ image: string }] } } }).template.spec.containers[0].image;
  };
  return Promise.all(names.map(read));
}

async function versions(): Promise<(string | undefined)[]> {
  const { items } = await plane.client.call(operations.listClusters, { params: project, query: {} });
  return items.map(({ status }) => status.facts?.agentVersion);
}

/** What was written to what agents manage: versions of the objects, without what controllers say of them. */
async function workloads(): Promise<string[]> {
  const read = async ({ client }: SimulatedClusterProcess) => {
    const settings = await client.get({ group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'settings' });
    const web = await client.get({ group: 'apps', kind: 'Deployment', namespace: 'checkout-dev', name: 'web' });
    const writes = web!.metadata.managedFields!.filter(({ manager }) => manager === 'flotilla');
    return JSON.stringify([settings!.metadata.resourceVersion, web!.metadata.generation, writes]);
  };
  return Promise.all(clusters.map(read));
}

const steps = ({ status }: AgentUpgradeView) => status.steps.map(({ cluster, state }) => `${cluster} ${state}`);

describe('AT-41 a new agent for three clusters, on real parts', () => {
  let before: string[];
  beforeAll(async () => {
    before = await workloads();
  });

  it.each([
    ['cannot reach the broker', images.deaf, '0.2.1', /did not confirm within 5 s, and the old one was put back/],
    ['cannot be pulled', images.broken, '0.2.0', /put back: .*ImagePull/],
  ])(
    'one that %s stops after the first cluster, which is back on the old agent',
    async (_what, image, version, why) => {
      const untouched = await Promise.all(
        [1, 2].map(async (index) => (await agentDeployment(index)).metadata.generation),
      );
      await open(image, version);
      const halted = await ended('Halted');
      await until(async () => (await agentImages())[0] === images.now, { what: 'the old agent' });
      await plane.client.call(operations.steerAgentUpgrade, { params: { ...project, order: 'abort' } });
      const aborted = await ended('Aborted');
      expect([steps(halted), steps(aborted), await agentImages(), await versions()]).toEqual([
        ['eu-1 Failed', 'eu-2 Waiting', 'eu-3 Waiting'],
        ['eu-1 Failed', 'eu-2 Skipped', 'eu-3 Skipped'],
        [images.now, images.now, images.now],
        ['0.1.0', '0.1.0', '0.1.0'],
      ]);
      expect(halted.status.steps[0]!.reason!.message).toMatch(why);
      const now = await Promise.all([1, 2].map(async (index) => (await agentDeployment(index)).metadata.generation));
      expect([now, await workloads()]).toEqual([untouched, before]);
    },
  );

  it('a good one rolls through; nothing that agents manage is written, and the new ones do their work', async () => {
    await open(images.next, '0.2.0', { atOnce: 2, deadlineSeconds: 60 });
    const finished = await ended('Finished');
    expect([steps(finished), await agentImages(), await workloads()]).toEqual([
      ['eu-1 Upgraded', 'eu-2 Upgraded', 'eu-3 Upgraded'],
      [images.next, images.next, images.next],
      before,
    ]);
    expect(await versions()).toEqual(['0.2.0', '0.2.0', '0.2.0']);
    await plane.git.commit('shop', { 'services/checkout/dev/all.yaml': manifests.replace('a: "1"', 'a: "2"') });
    await plane.client.call(operations.syncTargets, { params: project, body: { environment: 'dev' } });
    const settings = { group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'settings' };
    const arrived = async () => {
      const found = await Promise.all(clusters.map(({ client }) => client.get(settings)));
      return found.every((each) => (each!.data as { a: string }).a === '2');
    };
    expect(await until(arrived, { what: 'the change' })).toBe(true);
  });

  it('and back again: a downgrade is an upgrade to the older one', async () => {
    await open(images.now, '0.1.0', { atOnce: 3, deadlineSeconds: 60 });
    expect([steps(await ended('Finished')), await versions()]).toEqual([
      ['eu-1 Upgraded', 'eu-2 Upgraded', 'eu-3 Upgraded'],
      ['0.1.0', '0.1.0', '0.1.0'],
    ]);
  });
});
