import { operations } from '@flotilla/contracts';
import type { Running } from '@flotilla/foundation';
import { until, type Child } from '@flotilla/testing';
import { startAgentProcess } from '../../support/agent-process.ts';
import { startPlane, type PlaneFixture } from '../../support/plane-fixture.ts';
import { treeCpuMs } from '../../support/process-figures.ts';
import { applyHookedFleet } from '../../support/webhook.ts';
import { applicationNames, environment, filesOf, objectsEach, teamOf } from './bench-applications.ts';
import { ClusterObserver } from './cluster-observer.ts';
import { openApiServer, type MeasuredApiServer } from './measured-api-server.ts';

/** A whole control plane on real parts, a real API server, and the agent process of it. */
export interface EngineWorld extends Running {
  readonly plane: PlaneFixture;
  readonly api: MeasuredApiServer;
  readonly agent: Child;
  readonly observer: ClusterObserver;
  /**
   * Commits all applications at once and waits until every object is there and every Deployment observed; says how
   * long that took from the moment at which the commit was in the repository.
   */
  deliver(): Promise<number>;
  /** Processor time so far of each side. */
  cpuMs(): EngineCpuMs;
  /** Waits until the control plane reports every target in step and well. */
  reported(): Promise<void>;
}

/** The API server with its etcd, the agent, and the control plane with its database and its broker. */
export interface EngineCpuMs {
  readonly api: number;
  readonly agent: number;
  readonly plane: number;
}

const params = { project: 'default' };
const timeoutMs = 1_800_000;

/** Starts everything. Applications are known from the start; what they run is committed by `deliver`. */
export async function openEngineWorld(applications: number): Promise<EngineWorld> {
  const started: Running[] = [];
  const begin = <Part extends Running>(part: Part): Part => (started.push(part), part);
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    let pushedAt = 0;
    let webhook = () => {};
    const onPush = () => {
      pushedAt = performance.now();
      webhook();
    };
    const plane = begin(await startPlane({ onPush }));
    const api = begin(await openApiServer());
    const names = applicationNames(applications);
    await plane.git.createRepository('shop', { 'README.md': 'nothing yet\n' });
    const agent = begin(
      await startAgentProcess(plane, { name: 'c1', labels: { [environment]: 'true' }, access: api.access }),
    );
    webhook = await applyHookedFleet(plane, names, { environments: [environment], namespaceOf });
    const observer = begin(new ClusterObserver(api.client));
    await until(async () => (await statusOf(plane)).connected, { what: 'the agent', timeoutMs: 120_000 });
    const deliver = async () => {
      const complete = observer.complete({ objects: applications * objectsEach, deployments: applications });
      await plane.git.commit('shop', repositoryOf(names));
      return (await complete) - pushedAt;
    };
    const reported = async () =>
      void (await until(async () => (await statusOf(plane)).healthy >= applications, {
        what: `${applications} targets to be well`,
        timeoutMs,
        intervalMs: 2_000,
      }));
    const cpuMs = () => ({ api: api.cpuMs(), agent: treeCpuMs(agent.pid), plane: cpuMsOf(plane) });
    return { plane, api, agent, observer, deliver, cpuMs, reported, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function cpuMsOf({ services, postgres, nats }: PlaneFixture): number {
  const parts = [...Object.values(services).flat(), postgres.child, nats.child];
  return parts.reduce((sum, { pid }) => sum + treeCpuMs(pid), 0);
}

const namespaceOf = (name: string) => teamOf(Number(name.split('-').at(-1)));

function repositoryOf(names: readonly string[]): Record<string, string> {
  return Object.assign(
    {},
    ...names.map((name) => filesOf(name, namespaceOf(name), `services/${name}/${environment}`)),
  ) as Record<string, string>;
}

/** What the control plane holds of the one cluster that there is. */
async function statusOf({ client }: PlaneFixture): Promise<{ readonly connected: boolean; readonly healthy: number }> {
  const { items } = await client.call(operations.listClusters, { params });
  const { connection, counts } = items[0]?.status ?? {};
  return { connected: connection === 'Connected', healthy: counts?.health['Healthy'] ?? 0 };
}
