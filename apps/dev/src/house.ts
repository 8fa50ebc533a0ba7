import { FlotillaClient } from '@flotilla/client';
import type { Running } from '@flotilla/foundation';
import type { GitHost } from '@flotilla/testing';
import { createPorts, keptSecrets, type DataDirectory, type DemoPorts, type DemoSecrets } from './data-directory.ts';
import { planFleet, type PlannedCluster } from './fleet-plan.ts';
import { keptFleet, type Fleet } from './kept-fleet.ts';
import type { DemoOptions } from './options.ts';
import { startAgent, type ClusterAccess } from './parts/agents.ts';
import { startBroker } from './parts/broker.ts';
import { choosePort, expectFree, holdPort, stillFree } from './parts/choose-port.ts';
import { startDatabase } from './parts/database.ts';
import { demoRepository, pushUrl, startDemoGit, type GitPusher } from './parts/git.ts';
import { promoteFirstRelease, seedFleet } from './parts/seed.ts';
import { expectAnswers } from './parts/real-clusters.ts';
import { startServices } from './parts/services.ts';
import { startSimulatedClusters } from './parts/simulated-clusters.ts';
import { say, step as tellStep } from './progress.ts';
import type { Supervised, Watcher } from './supervise.ts';

/** One managed cluster of the running demo. */
export interface DemoCluster {
  readonly plan: PlannedCluster;
  readonly access: ClusterAccess;
  readonly agent: Supervised;
}

/** Everything that runs, with what is needed to look at it and to change it. */
export interface House extends Running {
  readonly data: DataDirectory;
  readonly url: string;
  readonly token: string;
  readonly client: FlotillaClient;
  readonly git: GitHost;
  /** Where a person clones from, to push as well. */
  readonly pushUrl: string;
  readonly clusters: readonly DemoCluster[];
}

export interface OpenHouseOptions {
  readonly options: DemoOptions;
  /** The folder that everything is kept in; closed together with the house. */
  readonly data: DataDirectory;
  /** Ends the opening at its next step. */
  readonly signal: AbortSignal;
}

/** Builds the house from the ground up, telling each step. Whatever fails, what was started is stopped again. */
export async function openHouse({ options, data, signal }: OpenHouseOptions): Promise<House> {
  const started: Running[] = [{ stop: () => data.close() }];
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    await clearAway(data);
    await expectAnswers(options.real);
    const fleet = await keptFleet(data, options);
    const secrets = await keptSecrets(data);
    const ports = await data.kept('ports', async () => createPorts(await choosePort(options.port)));
    ports.gateway = options.port ?? (await stillFree(ports.gateway));
    await expectFree(ports);
    const gatewayPort = await holdPort(ports.gateway);
    started.push(gatewayPort);
    const step: Step = (what, work) => {
      signal.throwIfAborted();
      return tellStep(what, work);
    };
    return {
      ...(await build({ options, fleet, data, secrets, ports, started, step, gatewayPort, watcher: watcherFor(data) })),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Step = <Result>(what: string, work: () => Promise<Result>) => Promise<Result>;

interface Site {
  readonly options: DemoOptions;
  readonly fleet: Fleet;
  readonly data: DataDirectory;
  readonly secrets: DemoSecrets;
  readonly ports: DemoPorts;
  /** In the order of starting; stopped the other way round. */
  readonly started: Running[];
  /** Held until the gateway takes it. */
  readonly gatewayPort: Running;
  readonly step: Step;
  readonly watcher: Watcher;
}

async function clearAway(data: DataDirectory): Promise<void> {
  const left = await data.processes.endLeftBehind();
  if (left > 0) say(`  ! ended ${left} processes that an earlier demo left behind`);
  await data.makeFolder('logs');
}

function watcherFor({ processes }: DataDirectory): Watcher {
  return {
    onStart: (child) => processes.add(child),
    onRestart: (name, how) => say(`  ! ${name} ended (${how}) and is started again`),
  };
}

async function build(site: Site): Promise<Omit<House, 'stop'>> {
  const { data, secrets, ports, started, step, watcher } = site;
  const database = await step('PostgreSQL', () => startDatabase(site));
  started.push(database);
  const broker = await step('nats-server', () => startBroker(site));
  started.push(broker);
  const url = `http://127.0.0.1:${ports.gateway}`;
  const client = new FlotillaClient({ server: url, token: secrets.bootstrapToken });
  const person: GitPusher = { username: 'me', password: secrets.pushPassword };
  const writer: GitPusher = { username: 'flotilla', password: secrets.writePassword };
  let hookPath: string | undefined;
  const { host: git, isNew } = await step('Git host with the seed repository', async () =>
    startDemoGit({
      directory: await data.makeFolder('git'),
      port: ports.git,
      webhookSecret: secrets.webhookSecret,
      pushers: [person, writer],
      hookUrl: () => hookPath && `${url}${hookPath}`,
    }),
  );
  started.push({ stop: () => git.close() });
  const address = { databaseUrl: database.url, natsUrl: broker.url, gatewayPort: ports.gateway };
  await site.gatewayPort.stop();
  await step('four services: sources, delivery, status, gateway', () =>
    startServices({ data, secrets, ...address, watcher, started }),
  );
  hookPath = await step('the fleet, from its repository', () =>
    seedFleet(client, { repositoryUrl: git.url(demoRepository), webhookSecret: secrets.webhookSecret, writer }),
  );
  if (isNew) await step('its first release, promoted to production', () => promoteFirstRelease(client));
  const clusters = await joinClusters(site, client, url);
  return { data, url, token: secrets.bootstrapToken, client, git, pushUrl: pushUrl(git, person), clusters };
}

async function joinClusters(site: Site, client: FlotillaClient, gatewayUrl: string): Promise<DemoCluster[]> {
  const { options, data, started, step, watcher } = site;
  const places = options.real.length > 0 ? realPlaces(options) : await simulatedPlaces(site);
  return step(`${places.length} clusters, each with its own agent`, async () => {
    const joined: DemoCluster[] = [];
    for (const { plan, access } of places) {
      const agent = await startAgent({ data, client, gatewayUrl, cluster: plan, access, watcher });
      started.push(agent);
      joined.push({ plan, access, agent });
    }
    return joined;
  });
}

interface Place {
  readonly plan: PlannedCluster;
  readonly access: ClusterAccess;
}

function realPlaces({ real }: DemoOptions): Place[] {
  const plans = planFleet(real.length);
  return real.map(({ kubeconfig, context }, index) => ({
    plan: plans[index]!,
    access: { KUBECONFIG: kubeconfig, KUBE_CONTEXT: context },
  }));
}

async function simulatedPlaces({ fleet, data, secrets, ports, started, step, watcher }: Site): Promise<Place[]> {
  const plans = planFleet(fleet.clusters);
  const clusters = await step(`${plans.length} simulated clusters`, () =>
    startSimulatedClusters({ data, ports, secrets, clusters: plans, watcher, started }),
  );
  return clusters.map(({ port, token }, index) => ({
    plan: plans[index]!,
    access: { KUBE_URL: `http://127.0.0.1:${port}`, KUBE_TOKEN: token },
  }));
}
