import { FlotillaClient } from '@flotilla/client';
import type { Running } from '@flotilla/foundation';
import { startNatsServer, startPostgres, type GitHost } from '@flotilla/testing';
import { createPorts, createSecrets, DataDirectory, type DemoPorts, type DemoSecrets } from './data-directory.ts';
import { planFleet, type PlannedCluster } from './fleet-plan.ts';
import type { DemoOptions } from './options.ts';
import { choosePort } from './parts/choose-port.ts';
import { startAgent, type ClusterAccess } from './parts/agents.ts';
import { demoRepository, startDemoGit } from './parts/git.ts';
import { seedFleet } from './parts/seed.ts';
import { startServices } from './parts/services.ts';
import { startSimulatedClusters } from './parts/simulated-clusters.ts';
import { say, step } from './progress.ts';
import type { Supervised } from './supervise.ts';

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
  readonly clusters: readonly DemoCluster[];
}

/** Builds the house from the ground up, telling each step. Whatever fails, what was started is stopped again. */
export async function openHouse(options: DemoOptions, dataPath: string): Promise<House> {
  const data = await DataDirectory.open(dataPath);
  const started: Running[] = [{ stop: () => data.close() }];
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    await data.makeFolder('logs');
    const secrets = await data.kept('secrets', createSecrets);
    const ports = await data.kept('ports', async () => createPorts(await choosePort(options.port)));
    if (options.port !== undefined) ports.gateway = options.port;
    return { ...(await build({ options, data, secrets, ports, started })), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Site {
  readonly options: DemoOptions;
  readonly data: DataDirectory;
  readonly secrets: DemoSecrets;
  readonly ports: DemoPorts;
  /** In the order of starting; stopped the other way round. */
  readonly started: Running[];
}

async function build(site: Site): Promise<Omit<House, 'stop'>> {
  const { options, data, secrets, ports, started } = site;
  const { databaseUrl, natsUrl } = await startInfrastructure(site);
  const url = `http://127.0.0.1:${ports.gateway}`;
  const client = new FlotillaClient({ server: url, token: secrets.bootstrapToken });
  let hookPath: string | undefined;
  const git = await step('Git host with the seed repository', async () =>
    startDemoGit({
      directory: await data.makeFolder('git'),
      port: ports.git,
      webhookSecret: secrets.webhookSecret,
      hookUrl: () => hookPath && `${url}${hookPath}`,
    }),
  );
  started.push({ stop: () => git.close() });
  const services = await step('four services: sources, delivery, status, gateway', () =>
    startServices({ data, secrets, databaseUrl, natsUrl, gatewayPort: ports.gateway, onRestart }),
  );
  started.push(...services);
  hookPath = await step('the fleet, from its repository', () =>
    seedFleet(client, git.url(demoRepository), secrets.webhookSecret),
  );
  const places = options.real.length > 0 ? realPlaces(options) : await simulatedPlaces(site);
  const clusters = await step(`${places.length} clusters, each with its own agent`, async () => {
    const joined: DemoCluster[] = [];
    for (const { plan, access } of places) {
      const agent = await startAgent({ data, client, gatewayUrl: url, cluster: plan, access, onRestart });
      started.push(agent);
      joined.push({ plan, access, agent });
    }
    return joined;
  });
  return { data, url, token: secrets.bootstrapToken, client, git, clusters };
}

async function startInfrastructure({
  data,
  secrets,
  ports,
  started,
}: Site): Promise<{ databaseUrl: string; natsUrl: string }> {
  const postgres = await step('PostgreSQL', async () =>
    startPostgres({ directory: await data.makeFolder('postgres'), port: ports.postgres }),
  );
  started.push(postgres);
  const databaseUrl = await data.kept('database', () => postgres.createDatabase('flotilla'));
  const nats = await step('nats-server', async () =>
    startNatsServer({ directory: await data.makeFolder('nats'), port: ports.nats, keys: secrets.broker }),
  );
  started.push(nats);
  return { databaseUrl, natsUrl: nats.url };
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

async function simulatedPlaces({ options, data, secrets, ports, started }: Site): Promise<Place[]> {
  const plans = planFleet(options.clusters);
  const fleet = await step(`${plans.length} simulated clusters`, () =>
    startSimulatedClusters({ data, ports, secrets, clusters: plans, onRestart }),
  );
  started.push(fleet.process);
  return fleet.clusters.map(({ port, token }, index) => ({
    plan: plans[index]!,
    access: { KUBE_URL: `http://127.0.0.1:${port}`, KUBE_TOKEN: token },
  }));
}

function onRestart(name: string, how: string): void {
  say(`  ! ${name} ended (${how}) and is started again`);
}
