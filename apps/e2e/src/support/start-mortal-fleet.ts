import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import { systemClock, systemRandom, type Running } from '@flotilla/foundation';
import { connectUrl, createKubeClient } from '@flotilla/platform-kube';
import {
  agentProcess,
  createPlaneSecrets,
  freePort,
  LyingBroker,
  plainEnvironment,
  program,
  serviceNames,
  serviceProcess,
  startChild,
  startFaultProxy,
  startPostgres,
  temporaryDirectory,
  until,
  type PlaneSecrets,
  type ServiceName,
} from '@flotilla/testing';
import { fleetDocuments } from './fleet-documents.ts';
import {
  application,
  manifests,
  MortalFleet,
  params,
  type FleetLines,
  type FleetParts,
  type MortalCluster,
} from './mortal-fleet.ts';
import { SeveredCommit } from './severed-commit.ts';
import { MortalGit, mortalBroker, mortalPostgres, MortalProcess } from './mortal-part.ts';

export interface MortalFleetOptions {
  readonly clusters: readonly string[];
  /** What services are told besides. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts a fleet in which one application runs everywhere. Whatever fails, what was started is stopped again. */
export async function startMortalFleet(options: MortalFleetOptions): Promise<MortalFleet> {
  const place = await temporaryDirectory('fleet');
  const started: Running[] = [{ stop: () => place.remove() }];
  const stop = async () => {
    for (const part of started.splice(0).toReversed()) await part.stop();
  };
  try {
    await mkdir(join(place.path, 'logs'));
    const parts = await startParts({ directory: place.path, started, ...options });
    const fleet = new MortalFleet(parts, stop);
    await fleet.revive([parts.postgres, parts.nats, parts.git, ...fleet.plane]);
    await applyFleet(fleet);
    await fleet.revive();
    await fleet.arrived(await fleet.push());
    return fleet;
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Site extends MortalFleetOptions {
  readonly directory: string;
  /** In the order of starting; stopped the other way round. */
  readonly started: Running[];
}

async function startParts(site: Site): Promise<FleetParts> {
  const { directory, started } = site;
  const secrets = createPlaneSecrets();
  const broker = new LyingBroker();
  const first = await startPostgres({ directory: join(directory, 'postgres'), outlive: 'kill' });
  const [natsPort, gitPort] = [await freePort(), await freePort()];
  const databaseUrl = await first.createDatabase('flotilla');
  await first.stop();
  let postgresDirectory = join(directory, 'postgres');
  const postgres = mortalPostgres(() => postgresDirectory, first.port);
  let natsDirectory = join(directory, 'nats');
  const nats = mortalBroker(() => natsDirectory, natsPort, secrets.broker);
  const git = new MortalGit(join(directory, 'git'), gitPort);
  const severed = new SeveredCommit(() => lines.database.cut('reset'));
  const lines = await openLines({ database: first.port, broker: natsPort }, { broker, severed });
  started.push(postgres, nats, git, lines.database, ...lines.replicas, lines.agents);
  const plane = await planServices(site, { secrets, databaseUrl, lines });
  started.push(...Object.values(plane.services).flat());
  return {
    directory,
    secrets,
    databaseUrl,
    postgres,
    movePostgres: (to) => void (postgresDirectory = to),
    nats,
    moveBroker: (to) => void (natsDirectory = to),
    git,
    ...plane,
    clusters: await startClusters(site, { url: plane.urls[0]!, token: secrets.bootstrapToken }),
    lines,
    severCommitOf: (table) => severed.of(table),
    broker,
  };
}

async function openLines(
  ports: { database: number; broker: number },
  { broker, severed }: { broker: LyingBroker; severed: SeveredCommit },
): Promise<FleetLines> {
  const toBroker = () => startFaultProxy({ to: ports.broker, filters: broker.filters });
  return {
    database: await startFaultProxy({ to: ports.database, filters: severed.filters }),
    replicas: [await toBroker(), await toBroker()],
    agents: await toBroker(),
  };
}

interface PlaneAddresses {
  readonly secrets: PlaneSecrets;
  readonly databaseUrl: string;
  readonly lines: FleetLines;
}

async function planServices({ directory, environment }: Site, { secrets, databaseUrl, lines }: PlaneAddresses) {
  const gatewayPorts = [await freePort(), await freePort()];
  const healthPorts: number[] = [];
  const start = async (name: ServiceName, replica: 0 | 1) => {
    const healthPort = await freePort();
    healthPorts.push(healthPort);
    const options = serviceProcess(name, {
      secrets,
      databaseUrl: databaseUrl.replace(/:\d+\//, `:${lines.database.port}/`),
      natsUrl: `nats://127.0.0.1:${lines.replicas[replica]!.port}`,
      gatewayPort: gatewayPorts[replica]!,
      healthPort,
      logFile: join(directory, 'logs', `${name}-${replica}.log`),
      cacheDirectory: join(directory, `cache-${replica}`),
      environment: { AGENT_NATS_URL: `nats://127.0.0.1:${lines.agents.port}`, ...environment },
    });
    return new MortalProcess(`${name}-${replica}`, () => startChild(options));
  };
  const services: Partial<Record<ServiceName, MortalProcess[]>> = {};
  for (const name of serviceNames) services[name] = [await start(name, 0), await start(name, 1)];
  return {
    services: services as Record<ServiceName, MortalProcess[]>,
    healthPorts,
    urls: gatewayPorts.map((port) => `http://127.0.0.1:${port}`),
  };
}

interface FrontDoor {
  readonly url: string;
  readonly token: string;
}

/** All in one process, which is no part of ours and lives on; the agents come once they have joined. */
async function startClusters(site: Site, door: FrontDoor): Promise<MortalCluster[]> {
  const { directory, clusters, started } = site;
  const simulated = [];
  for (const name of clusters) simulated.push({ name, port: await freePort(), token: `token-${name}` });
  const kubesim = startChild({
    name: 'kubesim',
    command: process.execPath,
    args: ['--enable-source-maps', program('dev', 'kubesim-host.js')],
    env: {
      ...plainEnvironment(),
      SIMULATED_CLUSTERS: JSON.stringify(simulated),
      SNAPSHOT_DIRECTORY: join(directory, 'kubesim'),
    },
    logFile: join(directory, 'logs', 'kubesim.log'),
  });
  started.push(kubesim);
  return Promise.all(simulated.map((cluster) => watchCluster(cluster, site, door)));
}

async function watchCluster(
  { name, port, token }: { readonly name: string; readonly port: number; readonly token: string },
  { directory, started }: Site,
  door: FrontDoor,
): Promise<MortalCluster> {
  const transport = connectUrl({ url: `http://127.0.0.1:${port}`, token });
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  await until(() => client.version(), { what: `the simulated cluster ${name}` });
  let deletes = 0;
  const up = (chunk: Buffer) => {
    if (chunk.toString('latin1', 0, 7) === 'DELETE ') deletes++;
    return [chunk];
  };
  const line = await startFaultProxy({ to: port, filters: () => ({ up, down: (chunk) => [chunk] }) });
  const cacheDirectory = join(directory, `agent-${name}`);
  let joinToken: Promise<string> | undefined;
  const agent = new MortalProcess(`agent-${name}`, async () => {
    // Once: whoever is started again has an identity.
    joinToken ??= joinTokenFor(name, door);
    return startChild({
      name: `agent-${name}`,
      ...agentProcess({
        FLOTILLA_URL: door.url,
        JOIN_TOKEN: await joinToken,
        KUBE_URL: `http://127.0.0.1:${line.port}`,
        KUBE_TOKEN: token,
        CACHE_DIRECTORY: cacheDirectory,
      }),
      logFile: join(directory, 'logs', `agent-${name}.log`),
    });
  });
  started.push({ stop: () => transport.close() }, line, agent);
  return { name, client, agent, cacheDirectory, deletes: () => deletes };
}

async function joinTokenFor(name: string, { url, token }: FrontDoor): Promise<string> {
  const client = new FlotillaClient({ server: url, token });
  return (await client.call(operations.joinCluster, { params, body: { name, labels: { dev: 'true' } } })).token;
}

async function applyFleet(fleet: MortalFleet): Promise<void> {
  const git = fleet.parts.git.host;
  await git.createRepository('shop', manifests('v0'));
  const text = fleetDocuments([application], { url: git.url('shop') }).replace(
    'spec: {url:',
    'spec: {poll: {interval: 2s}, url:',
  );
  await fleet.call(operations.applyDocuments, { params, body: { files: [{ file: 'fleet.yaml', text }] } });
}
