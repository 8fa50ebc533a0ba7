import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { marks, Watchdog } from '@flotilla/agent';
import { deploymentText } from '@flotilla/agent/testing';
import { operations, type TargetView } from '@flotilla/contracts';
import { systemClock, systemRandom } from '@flotilla/foundation';
import type { KubeObject } from '@flotilla/model';
import {
  connectUrl,
  createKubeClient,
  ManagedCluster,
  serviceAccountIdentity,
  type HttpTransport,
  type KubeClient,
} from '@flotilla/platform-kube';
import {
  findDeployProgram,
  findEnvtestAssets,
  startKubeApiServer,
  startWorkloadStub,
  until,
  type Child,
  type KubeApiServer,
} from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.ts';
import { renderChart } from '../support/render-chart.ts';
import { serviceAccountToken } from '../support/service-account-token.ts';

const helm = findDeployProgram('helm');
const assets = findEnvtestAssets();
if (!assets)
  process.stdout.write(
    'no kube-apiserver here, so the rights of the chart are not tried; get one with: npm run envtest:install\n',
  );

const namespace = 'flotilla-system';
const name = 'flotilla-agent';
const params = { project: 'default' };

const passing = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: passing}\ndata: {a: b}\n';
const role = 'apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: more}\nrules: []\n';

interface Container {
  readonly image: string;
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

function containerOf(object: KubeObject | undefined): Container {
  return (object!.spec as { template: { spec: { containers: Container[] } } }).template.spec.containers[0]!;
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

function rightsIn({ rules }: KubeObject): string[] {
  return (rules as readonly Rule[]).flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${group}/${resource} ${verb}`))),
  );
}

/** The agent as the chart installs it: its own process, a token of its service account, and the chart's rights only. */
describe.skipIf(!helm || !assets)('an agent with the rights of its chart, on a real API server', () => {
  let server: KubeApiServer;
  let transport: HttpTransport;
  let client: KubeClient;
  let proxy: RecordingProxy;
  let plane: PlaneFixture;
  let agent: Child;
  let own: string;
  let objects: KubeObject[];
  let stub: { stop(): Promise<void> };

  beforeAll(async () => {
    server = await startKubeApiServer({ assets: assets! });
    const { url, token, certificateAuthority: ca } = server;
    transport = connectUrl({ url, token, ca });
    client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
    stub = startWorkloadStub(transport);
    await client.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, { manager: 'test' });
    const values = {
      controlPlane: { url: 'https://flotilla.example.org' },
      rbac: { actAs: [{ namespace: 'default', name: 'deployer' }] },
    };
    objects = renderChart(helm!, { chart: name, release: name, namespace, values });
    for (const object of objects) await client.apply(object, { manager: 'helm', force: false });
    proxy = await startRecordingProxy({ url, ca });
    plane = await startPlane();
    await plane.git.createRepository('shop', {
      ...files({ web: deploymentText('shop:1'), passing }),
      'services/more/dev/role.yaml': role,
    });
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    // The pod that the kubelet would run the process below in.
    const containers = [{ name: 'agent', image: await imageNow() }];
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers } } as KubeObject;
    await client.create(pod, { manager: 'test' });
    own = await serviceAccountToken(server, { namespace, name });
    agent = await startAgentProcess(plane, {
      name: 'alpha',
      labels: { dev: 'true' },
      access: {
        KUBE_URL: proxy.url,
        KUBE_TOKEN: own,
        AGENT_NAMESPACE: namespace,
        AGENT_DEPLOYMENT: name,
        POD_NAME: name,
      },
    });
  });

  afterAll(async () => {
    await agent?.stop();
    await Promise.all([plane?.stop(), proxy?.stop(), stub?.stop()]);
    await transport?.close();
    await server?.stop();
  });

  const files = (objectsByName: Record<string, string | undefined>) =>
    Object.fromEntries(
      Object.entries(objectsByName).map(([file, text]) => [`services/checkout/dev/${file}.yaml`, text]),
    ) as Record<string, string>;

  async function pushed(change: Record<string, string | undefined>): Promise<void> {
    await plane.git.commit('shop', files(change));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
  }

  async function reported(condition: (status: TargetView['status']) => boolean, what: string): Promise<TargetView> {
    return until(
      async () => {
        const [target] = (await plane.client.call(operations.listTargets, { params })).items;
        return target && condition(target.status) && target;
      },
      { what, timeoutMs: 60_000 },
    );
  }

  const denied = () => proxy.seen.filter(({ status }) => status === 403).map(({ right }) => right);
  const object = (kind: string, named: string) =>
    client.get({ group: kind === 'Deployment' ? 'apps' : '', kind, namespace: 'checkout-dev', name: named });

  const deployment = { group: 'apps', kind: 'Deployment', namespace, name };
  const imageNow = async () => containerOf(await client.get(deployment)).image;

  async function heard(): Promise<void> {
    const clusters = async () => (await plane.client.call(operations.listClusters, { params })).items;
    const isHeard = async () => (await clusters())[0]?.status.connection === 'Connected';
    await until(isHeard, { what: 'the cluster to be heard', timeoutMs: 30_000 });
  }

  /** What the Job of the watchdog would run, as nobody runs Jobs here. */
  async function openWatchdog(upgrade: string) {
    const ownTransport = connectUrl({ url: proxy.url, token: own });
    const ownClient = createKubeClient({ transport: ownTransport, clock: systemClock, random: systemRandom });
    const steps: string[] = [];
    const watchdog = new Watchdog({
      cluster: new ManagedCluster({ client: ownClient, manager: 'flotilla', clock: systemClock, random: systemRandom }),
      home: { namespace, deployment: name, container: 'agent' },
      upgrade,
      clock: systemClock,
      onStep: (step) => steps.push(step),
      onError: (error) => steps.push(String(error)),
    });
    return { watchdog, steps, stop: () => ownTransport.close() };
  }

  /** The upgrade that the agent has a watchdog made for. */
  async function guardedUpgrade(): Promise<string> {
    const job = await until(async () => (await client.list({ group: 'batch', kind: 'Job' }, { namespace })).items[0], {
      what: 'the Job of the watchdog',
      timeoutMs: 30_000,
    });
    return containerOf(job).env.find(({ name: variable }) => variable === 'WATCHDOG_UPGRADE')!.value!;
  }

  /** What the Deployment controller says of a version that does not come up. */
  async function giveUp(): Promise<void> {
    await stub.stop();
    const { metadata } = (await client.get(deployment))!;
    const moment = new Date().toISOString().replace(/\.\d+/, '');
    const condition = {
      type: 'Progressing',
      status: 'False',
      reason: 'ProgressDeadlineExceeded',
      lastUpdateTime: moment,
      lastTransitionTime: moment,
    };
    const status = { observedGeneration: metadata.generation, conditions: [condition] };
    await client.mergePatch(deployment, { status }, { manager: 'controller', subresource: 'status' });
  }

  it('installs what Git says, and reports it', async () => {
    await reported(({ sync, health }) => sync === 'Synced' && health === 'Healthy', 'a healthy target');
    expect([Boolean(await object('Deployment', 'web')), Boolean(await object('ConfigMap', 'passing'))]).toEqual([
      true,
      true,
    ]);
  });

  it('changes and prunes', async () => {
    await pushed({ web: deploymentText('shop:2'), passing: undefined });
    await until(async () => !(await object('ConfigMap', 'passing')), {
      what: 'the object to be pruned',
      timeoutMs: 60_000,
    });
    expect(JSON.stringify(await object('Deployment', 'web'))).toContain('shop:2');
  });

  it('tells why a workload is not well', async () => {
    await pushed({ web: deploymentText('shop:broken') });
    const { status } = await reported(({ reason }) => reason?.message.includes('pull') ?? false, 'the reason');
    expect(status.health).not.toBe('Healthy');
  });

  it('upgrades itself, and is put back by its watchdog when its next version does not come up', async () => {
    const image = `images.example.org/flotilla:0.2.0@sha256:${'b'.repeat(64)}`;
    const before = await imageNow();
    await heard();
    await plane.client.call(operations.openAgentUpgrade, { params, body: { image, version: '0.2.0' } });
    const guarding = await openWatchdog(await guardedUpgrade());
    const ended = guarding.watchdog.watch(AbortSignal.timeout(60_000));
    await until(async () => (await imageNow()) === image, { what: 'the switch', timeoutMs: 30_000 });
    await giveUp();
    await ended;
    await guarding.stop();
    expect({ steps: guarding.steps, image: await imageNow() }).toEqual({
      steps: ['announce', 'return', 'end', 'leave'],
      image: before,
    });
  });

  it('forgets what left', async () => {
    await plane.client.call(operations.deleteDocument, {
      params: { ...params, plural: 'applications', name: 'checkout' },
    });
    const records = () => client.list({ group: '', kind: 'Secret' }, { namespace, labelSelector: marks.record });
    await until(async () => (await records()).items.length === 0, { what: 'the record to go', timeoutMs: 60_000 });
  });

  it('was denied nothing on its way', () => {
    expect(denied()).toEqual([]);
  });

  it('AT-14 may act as the ServiceAccounts that it is told of, and as no other', async () => {
    const ownTransport = connectUrl({ url: server.url, token: own, ca: server.certificateAuthority });
    const ownClient = createKubeClient({ transport: ownTransport, clock: systemClock, random: systemRandom });
    const refusal = (account: string) =>
      ownClient
        .as(serviceAccountIdentity('default', account))
        .get({ group: '', kind: 'ConfigMap', namespace: 'default', name: 'one' })
        .then(String, ({ message }: Error) => message);
    const refusals = [await refusal('deployer'), await refusal('other')];
    await ownTransport.close();
    expect(refusals).toEqual([
      expect.stringContaining('"system:serviceaccount:default:deployer" cannot get resource "configmaps"'),
      expect.stringContaining('cannot impersonate resource "serviceaccounts"'),
    ]);
  });

  it('has no right at home that it does not use', () => {
    const atHome = objects.find(({ kind, metadata }) => kind === 'Role' && metadata.name === name)!;
    const used = new Set(proxy.seen.filter((request) => request.namespace === namespace).map(({ right }) => right));
    // A namespace is asked for by its name, which RBAC takes for the place as well.
    if (proxy.seen.some(({ right }) => right === '/namespaces get')) used.add('/namespaces get');
    expect(rightsIn(atHome).filter((right) => !used.has(right))).toEqual([]);
  });

  it('says so, by name, when it wants what the chart does not give', async () => {
    const text = fleetDocuments(['more'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    const { status } = await reported(({ reason }) => /forbidden/i.test(reason?.message ?? ''), 'a refusal');
    expect({ status, denied: denied().length > 0 }).toMatchObject({
      status: { reason: { message: expect.stringMatching(/roles/) as string } },
      denied: true,
    });
  });
});
