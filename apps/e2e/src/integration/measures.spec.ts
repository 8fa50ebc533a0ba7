import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations } from '@flotilla/contracts';
import { metricList, type Metric } from '@flotilla/platform-telemetry';
import { freePort, serviceNames, until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../support/agent-process.ts';
import { fleetDocuments } from '../support/fleet-documents.ts';
import { startPlane, type PlaneFixture } from '../support/plane-fixture.ts';
import { startSimulatedCluster, type SimulatedClusterProcess } from '../support/simulated-cluster.ts';

const params = { project: 'default' };
const metrics: readonly Metric[] = Object.values(metricList);

/** What running processes tell whoever scrapes them: dashboards and alerts stand on it. */
describe('the scrape of a living fleet', () => {
  let plane: PlaneFixture;
  let cluster: SimulatedClusterProcess;
  let agent: Child;
  let ports: Readonly<Record<string, number>>;

  beforeAll(async () => {
    plane = await startPlane();
    const manifest = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\ndata: {a: b}\n';
    await plane.git.createRepository('shop', { 'services/checkout/dev/one.yaml': manifest });
    const text = fleetDocuments(['checkout'], { url: plane.git.url('shop') });
    await plane.client.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
    cluster = await startSimulatedCluster(plane.directory, 'alpha');
    const agentPort = await freePort();
    agent = await startAgentProcess(plane, {
      name: 'alpha',
      labels: { dev: 'true' },
      access: cluster.access,
      environment: { HEALTH_PORT: String(agentPort) },
    });
    const services = serviceNames.map((name) => [name, plane.healthPorts[name][0]!] as const);
    ports = { ...Object.fromEntries(services), agent: agentPort };
    await until(
      async () => (await plane.client.call(operations.listTargets, { params })).items[0]?.status.health === 'Healthy',
      { what: 'a healthy target', timeoutMs: 60_000 },
    );
  });

  afterAll(async () => {
    await agent?.stop();
    await cluster?.stop();
    await plane?.stop();
  });

  const scrape = async (process: string) => (await fetch(`http://127.0.0.1:${ports[process]}/metrics`)).text();
  const valueOf = async (process: string, series: string) => {
    const line = (await scrape(process)).split('\n').find((each) => each.startsWith(`${series} `));
    return line === undefined ? undefined : Number(line.split(' ').at(-1));
  };

  it('has every metric of the list, each as what the list says it is, and no other', async () => {
    const texts = await Promise.all(Object.keys(ports).map(scrape));
    const told = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (.+)$/gm)].map(([, type]) => type!)));
    expect([...told].toSorted()).toEqual(metrics.map(({ name, type }) => `${name} ${type}`).toSorted());
  });

  it('says in numbers what the fleet is like', async () => {
    const expected: readonly (readonly [string, string, number])[] = [
      ['status', 'flotilla_clusters{connection="Connected"}', 1],
      ['status', 'flotilla_targets_health{health="Healthy"}', 1],
      ['status', 'flotilla_clusters{connection="Ahead"}', 0],
      ['delivery', 'flotilla_rollouts{state="Finished"}', 1],
      ['delivery', 'flotilla_work_dead{kind="plan"}', 0],
      ['sources', 'flotilla_broker_connected', 1],
      ['agent', 'flotilla_agent_targets_sync{sync="Synced"}', 1],
      ['agent', 'flotilla_agent_lease_held', 1],
      ['agent', 'flotilla_agent_statuses_unconfirmed', 0],
    ];
    for (const [process, series, value] of expected) {
      const told = () => valueOf(process, series);
      await until(async () => (await told()) === value, {
        what: `${series} of ${process} to be ${value}`,
        timeoutMs: 40_000,
      });
    }
  });

  it.each([
    ['status', 'flotilla_reports_stored_total'],
    ['status', 'flotilla_receipt_delay_seconds_count'],
    ['status', 'flotilla_messages_received_total{kind="hello"}'],
    ['sources', 'flotilla_git_requests_total{request="refs",result="done"}'],
    ['delivery', 'flotilla_orders_sent_total{kind="set"}'],
    ['delivery', 'flotilla_work_looks_total{kind="plan",outcome="done"}'],
    ['gateway', 'flotilla_http_request_seconds_count{operation="GET /api/v1/projects/{project}/targets",status="2xx"}'],
    ['agent', 'flotilla_agent_kube_requests_total{verb="apply",status="2xx"}'],
    ['agent', 'flotilla_agent_pass_seconds_count'],
    ['agent', 'flotilla_agent_record_bytes'],
    ['agent', 'flotilla_agent_credential_expires_timestamp_seconds'],
  ])('%s counted %s', async (process, series) => {
    expect(await valueOf(process, series)).toBeGreaterThan(0);
  });

  it('finds every value, and tells none of an application, a cluster or a token', async () => {
    const texts = await Promise.all(Object.keys(ports).map(scrape));
    const lines = texts
      .flatMap((text) => text.split('\n'))
      .filter((line) => line.startsWith('flotilla_reading_faults_total{'));
    const names = ['checkout', 'alpha', 'shop', plane.secrets.bootstrapToken];
    expect({ lines, named: names.filter((name) => texts.some((text) => text.includes(name))) }).toEqual({
      lines: [],
      named: [],
    });
  });
});
