import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FlotillaClient } from '@flotilla/client';
import {
  createPlaneSecrets,
  freePorts,
  isReady,
  serviceNames,
  serviceProcess,
  startChild,
  startGitHost,
  startNatsServer,
  startPostgres,
  temporaryDirectory,
  until,
  type Child,
  type GitHost,
  type NatsServer,
  type PlaneSecrets,
  type PostgresServer,
  type ServiceName,
} from '@flotilla/testing';

/** A whole control plane on real parts, with as many replicas of each service as are asked for, and a Git host. */
export interface PlaneFixture {
  readonly directory: string;
  readonly secrets: PlaneSecrets;
  readonly postgres: PostgresServer;
  readonly databaseUrl: string;
  readonly nats: NatsServer;
  readonly git: GitHost;
  /** The addresses of the gateways. */
  readonly urls: readonly string[];
  /** Where each replica of a service answers probes and scrapes. */
  readonly healthPorts: Readonly<Record<ServiceName, readonly number[]>>;
  readonly client: FlotillaClient;
  readonly services: Readonly<Record<ServiceName, readonly Child[]>>;
  /** Ends every replica of a service and starts it again, told something else. */
  restart(name: ServiceName, environment?: Readonly<Record<string, string>>): Promise<void>;
  /** kill -9 of the broker; it is started again, on what it kept, once `whileAway` is done. */
  crashBroker(whileAway?: () => Promise<void>): Promise<void>;
  /** kill -9 of every service at once; all are started again, as whoever supervises them would. */
  crashServices(): Promise<void>;
  stop(): Promise<void>;
}

export interface PlaneOptions {
  readonly replicas?: number;
  readonly environment?: Record<string, string>;
  readonly onPush?: () => void;
  /** Whether PostgreSQL waits for its disk, as in production; tests would only be slower. */
  readonly durable?: boolean;
}

/** Starts a control plane and waits until every replica can serve. */
export async function startPlane(options: PlaneOptions = {}): Promise<PlaneFixture> {
  const { replicas = 1, environment = {}, onPush, durable = false } = options;
  const place = await temporaryDirectory('plane');
  const directory = place.path;
  await mkdir(join(directory, 'logs'));
  const secrets = createPlaneSecrets();
  const postgres = await startPostgres({ directory: join(directory, 'postgres'), fast: !durable });
  const brokerDirectory = join(directory, 'nats');
  let nats = await startNatsServer({ directory: brokerDirectory, keys: secrets.broker });
  const git = await startGitHost({ root: join(directory, 'git'), ...(onPush && { onPush }) });
  const databaseUrl = await postgres.createDatabase('flotilla');
  const ports = await freePorts(replicas);
  const healthPorts = Object.fromEntries(
    await Promise.all(serviceNames.map(async (name) => [name, await freePorts(replicas)])),
  ) as Record<ServiceName, number[]>;
  const start = (name: ServiceName, more: Readonly<Record<string, string>> = {}) =>
    ports.map((gatewayPort, index) =>
      startChild(
        serviceProcess(name, {
          secrets,
          databaseUrl,
          natsUrl: nats.url,
          gatewayPort,
          healthPort: healthPorts[name][index]!,
          logFile: join(directory, 'logs', `${name}-${index}.log`),
          cacheDirectory: join(directory, `cache-${index}`),
          environment: { ...environment, ...more },
        }),
      ),
    );
  const services = Object.fromEntries(serviceNames.map((name) => [name, start(name)])) as Record<ServiceName, Child[]>;
  const ready = (name: ServiceName) =>
    Promise.all(
      services[name].map(async (child, index) => {
        await until(() => !child.alive || isReady(healthPorts[name][index]!), { what: name, timeoutMs: 60_000 });
        if (!child.alive)
          throw new Error(await lastWords(name, child, join(directory, 'logs', `${name}-${index}.log`)));
      }),
    );
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const stop = async () => {
    await Promise.all(Object.values(services).flatMap((children) => children.map((child) => child.stop())));
    await Promise.all([git.close(), nats.stop(), postgres.stop()]);
    await place.remove();
  };
  try {
    for (const name of serviceNames) await ready(name);
  } catch (error) {
    await stop();
    throw error;
  }
  const crashBroker = async (whileAway = async () => {}) => {
    const { port, child } = nats;
    child.kill('SIGKILL');
    await child.exited;
    await whileAway();
    nats = await startNatsServer({ directory: brokerDirectory, keys: secrets.broker, port });
  };
  const crashServices = async () => {
    const killed = Object.values(services).flat();
    for (const child of killed) child.kill('SIGKILL');
    await Promise.all(killed.map(({ exited }) => exited));
    for (const name of serviceNames) services[name] = start(name);
  };
  const client = new FlotillaClient({ server: urls[0]!, token: secrets.bootstrapToken });
  const restart = async (name: ServiceName, more?: Readonly<Record<string, string>>) => {
    await Promise.all(services[name].map((child) => child.stop()));
    services[name] = start(name, more);
    await ready(name);
  };
  return {
    directory,
    secrets,
    postgres,
    databaseUrl,
    get nats() {
      return nats;
    },
    git,
    urls,
    healthPorts,
    client,
    services,
    restart,
    crashBroker,
    crashServices,
    stop,
  };
}

/** The folder with the log is gone by the time somebody reads of it. */
async function lastWords(name: string, child: Child, logFile: string): Promise<string> {
  const [how, log] = await Promise.all([child.exited, readFile(logFile, 'utf8')]);
  return `${name} ended with ${how}; its last words: ${log.trimEnd().split('\n').at(-1)}`;
}
