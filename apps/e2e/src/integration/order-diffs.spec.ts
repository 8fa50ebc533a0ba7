import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, type OrderDiffView } from '@flotilla/contracts';
import { agentFeatures } from '@flotilla/model';
import { until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { Canary } from '../support/canary.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const environments = ['dev', 'edge', 'production'] as const;
const canaries = [new Canary('the password of before'), new Canary('the password of now')] as const;

let plane: PlaneFixture;
let cluster: SimulatedClusterProcess;
let agent: Child;
let deaf: RawAgent;
let old: RawAgent;
let first: string;

beforeAll(async () => {
  plane = await startPlane();
  first = await plane.git.createRepository('shop', everywhere(1, canaries[0]));
  const stages = [
    '{environment: dev, track: {repository: shop, branch: main}}',
    '{environment: edge, track: {repository: shop, branch: main}}',
    '{environment: production, after: [dev]}',
  ];
  const text = fleetDocuments(['checkout'], { environments, stages, url: plane.git.url('shop') });
  await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  cluster = await startSimulatedCluster(plane.directory, 'c1');
  const labels = { dev: 'true', production: 'true' };
  agent = await startAgentProcess(plane, { name: 'c1', labels, access: cluster.access });
  deaf = await enrol('deaf', 'edge', [agentFeatures.preview]);
  old = await enrol('old', 'dev', []);
  await until(everybodyIsHeard, { what: 'all three agents to be heard', timeoutMs: 30_000 });
});

afterAll(async () => {
  await Promise.all([deaf?.stop(), old?.stop(), agent?.stop()]);
  await cluster?.stop();
  await plane?.stop();
});

async function enrol(name: string, environment: string, features: readonly string[]): Promise<RawAgent> {
  const raw = await RawAgent.enrol(plane.client, plane.urls[0]!, { name, labels: { [environment]: 'true' } });
  raw.features = features;
  raw.hello();
  return raw;
}

const back = () =>
  plane.client.call(operations.diffRollback, {
    params,
    body: { selection: { application: 'checkout' }, to: first },
  });

describe('what an order would change, on real parts', () => {
  it('is what the agent of a cluster says, once for all that change alike; who cannot say it holds nothing up', async () => {
    await runsOnC1(first);
    const second = await plane.git.commit('shop', everywhere(2, canaries[1]));
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    await runsOnC1(second);
    const began = performance.now();
    const { changes, more } = await back();
    const tookMs = performance.now() - began;
    expect([changes.map(briefly).toSorted(), more, tookMs < 9_000]).toEqual([
      [
        ['dev', first, ['c1', 'old'], 'c1', ['ConfigMap checkout-dev/config .data.value v2 v1'], [], ['StaysBehind']],
        ['edge', first, ['deaf'], undefined, [], ['deaf AgentSilent'], []],
      ],
      0,
      true,
    ]);
    const text = JSON.stringify(changes);
    expect([text.includes('Secret checkout-dev/password'), canaries.map((canary) => canary.in(text))]).toEqual([
      true,
      [undefined, undefined],
    ]);
  });

  it('changes nothing in the cluster and orders nothing', async () => {
    const live = await cluster.client.get({ group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'config' });
    const { items } = await plane.client.call(operations.listRollbacks, { params, query: {} });
    expect([live!.data, items]).toEqual([{ value: 'v2' }, []]);
  });

  it('of a promotion is what the release would make where nothing runs yet, from Git', async () => {
    const body = { application: 'checkout', environment: 'production' };
    const { changes } = await until(
      () => plane.client.call(operations.diffPromotion, { params, body }).catch(() => undefined),
      { what: 'a release to wait before production', timeoutMs: 30_000 },
    );
    const [{ from, toBe, clusters, warnings }] = changes.map(({ objects, ...change }) => ({
      ...change,
      toBe: objects.map(({ object, change: how }) => `${how} ${object}`),
    })) as [Omit<OrderDiffView['changes'][number], 'objects'> & { toBe: string[] }];
    expect([from, clusters.names, toBe.toSorted(), warnings.map(({ code }) => code)]).toEqual([
      undefined,
      ['c1'],
      [
        'create ConfigMap checkout-production/config',
        'create ConfigMap checkout-production/later',
        'create Secret checkout-production/password',
      ],
      ['NotHeld'],
    ]);
  });
});

function briefly({ environment, to, clusters, toldBy, objects, silent, warnings }: OrderDiffView['changes'][number]) {
  const config = objects.filter(({ object }) => object.startsWith('ConfigMap'));
  return [
    environment,
    to,
    clusters.names.toSorted(),
    toldBy,
    config.flatMap(({ object, fields }) => fields.map((each) => `${object} ${each.path} ${each.live} ${each.desired}`)),
    silent.map(({ cluster: name, reason }) => `${name} ${reason.code}`),
    warnings.map(({ code }) => code),
  ];
}

/** What agents say of themselves is written down once a second, and is asked for here earlier. */
async function everybodyIsHeard(): Promise<boolean> {
  const { items } = await plane.client.call(operations.listClusters, { params });
  return items.filter(({ status }) => status.connection === 'Connected').length === 3;
}

async function runsOnC1(revision: string): Promise<void> {
  await until(
    async () => {
      const { items } = await plane.client.call(operations.listTargets, { params });
      const target = items.find(({ spec }) => spec.cluster === 'c1' && spec.environment === 'dev');
      const { spec, status } = target ?? {};
      return spec?.revision === revision && status?.generation === spec.generation && status.health === 'Healthy';
    },
    { what: `c1 to run ${revision}`, timeoutMs: 60_000 },
  );
}

/** Three objects in each environment; what is there only later would stay behind. */
function everywhere(count: number, password: Canary): Record<string, string> {
  const secret = Buffer.from(password.value).toString('base64');
  const texts: Record<string, string> = {
    config: `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\ndata: {value: v${count}}\n`,
    password: `apiVersion: v1\nkind: Secret\nmetadata: {name: password}\ndata: {it: ${secret}}\n`,
    ...(count > 1 && { later: 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: later}\ndata: {a: b}\n' }),
  };
  const files = Object.entries(texts).flatMap(([name, text]) =>
    environments.map((environment) => [`services/checkout/${environment}/${name}.yaml`, text]),
  );
  return Object.fromEntries(files) as Record<string, string>;
}
