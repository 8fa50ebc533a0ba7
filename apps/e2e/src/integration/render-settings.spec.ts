import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { findDeployProgram, until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const helm = findDeployProgram('helm');
const spaces = ['--user', '--map-current-user', '--net', '--ipc', '--pid', '--fork'];
const isPermitted = spawnSync('/usr/bin/unshare', [...spaces, '/bin/true']).status === 0;

/** A chart that says what it was given, and a text that only the cluster can fill. */
const chart = {
  'services/checkout/dev/Chart.yaml': 'apiVersion: v2\nname: checkout\nversion: 1.0.0\n',
  'services/checkout/dev/values.yaml': 'tier: low\nreplicas: 1\n',
  'services/checkout/values/dev.yaml': 'tier: high\n',
  'services/checkout/dev/templates/told.yaml': `apiVersion: v1
kind: ConfigMap
metadata: {name: "{{ .Release.Name }}"}
data:
  tier: "{{ .Values.tier }}"
  replicas: "{{ .Values.replicas }}"
  place: "\${environment.name} \${cluster.labels.region} \${team}"
`,
};

/** The application's words about rendering, below its spec. */
const settings = (replicas: number) => `  render:
    helm: {releaseName: told, values: {replicas: 2}}
    substitute: {team: shop}
  in:
    dev:
      render:
        helm: {valuesFiles: ["services/checkout/values/\${environment.name}.yaml"], values: {replicas: ${replicas}}}
`;

/** From the document to the cluster, on real parts and with a real helm. */
describe.skipIf(!helm || !isPermitted)('what an application says of its rendering', () => {
  let plane: PlaneFixture;
  let cluster: SimulatedClusterProcess;
  let agent: Child;

  const apply = async (replicas: number) => {
    const fleet = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    const also = fleet.replace('${environment.name}"}', '${environment.name}", also: [services/checkout/values]}');
    const text = `${also}${settings(replicas)}`;
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
  };
  const told = async () => {
    const key = { group: '', kind: 'ConfigMap', namespace: 'checkout-dev', name: 'told' };
    return (await cluster.client.get(key))?.['data'] as Readonly<Record<string, string>> | undefined;
  };
  const target = async () => {
    const [first] = (await plane.client.call(operations.listTargets, { params })).items;
    return first;
  };
  /** What the cluster holds once it is told that all is in step, and this is so. */
  const settledWith = (part: Readonly<Record<string, string>>) =>
    until(
      async () => {
        const { spec, status } = (await target()) ?? {};
        const data = await told();
        const isThere = Object.entries(part).every(([name, value]) => data?.[name] === value);
        return isThere && status?.sync === 'Synced' && status.generation === spec?.generation && data;
      },
      { what: `a cluster with ${JSON.stringify(part)}`, timeoutMs: 30_000 },
    );

  beforeAll(async () => {
    plane = await startPlane();
    await plane.git.createRepository('shop', chart);
    await apply(3);
    cluster = await startSimulatedCluster(plane.directory, 'one');
    const labels = { dev: 'true', region: 'eu' };
    const environment = { HELM_BIN: helm! };
    agent = await startAgentProcess(plane, { name: 'one', labels, access: cluster.access, environment });
  });

  afterAll(async () => {
    await agent?.stop();
    await cluster?.stop();
    await plane?.stop();
  });

  it('reaches helm and the values of the environment, and what it makes is filled for the cluster', async () => {
    expect(await settledWith({ replicas: '3' })).toEqual({ tier: 'high', replicas: '3', place: 'dev eu shop' });
  });

  it('is another release when it says something else, at the same commit', async () => {
    const before = (await target())!.spec;
    await apply(4);
    await settledWith({ replicas: '4' });
    const { release, revision } = (await target())!.spec;
    expect([release === before.release, revision === before.revision]).toEqual([false, true]);
  });

  it('is rendered anew for another label of the cluster, at the same release', async () => {
    const before = (await target())!.spec;
    const labels = { dev: 'true', region: 'us' };
    await plane.client.call(operations.labelCluster, { params: { ...params, name: 'one' }, body: { labels } });
    await settledWith({ place: 'dev us shop' });
    expect((await target())!.spec.release).toBe(before.release);
  });

  it('keeps what runs when it fails, and says why in the words of helm', async () => {
    await plane.git.commit('shop', {
      'services/checkout/dev/templates/told.yaml': '{{ required "no tier" .Values.none }}\n',
    });
    await plane.client.call(operations.lookAtRepository, { params: { ...params, name: 'shop' } });
    const reason = await until(async () => (await target())?.status.reason, { what: 'the reason', timeoutMs: 30_000 });
    expect([reason.code, reason.message.includes('no tier'), (await told())?.['place']]).toEqual([
      'RenderFailed',
      true,
      'dev us shop',
    ]);
  });
});
