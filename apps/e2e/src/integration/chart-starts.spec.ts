import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FlotillaClient } from '@flotilla/client';
import { operations } from '@flotilla/contracts';
import type { KubeObject } from '@flotilla/model';
import type { BrokerKeys } from '@flotilla/platform-bus';
import {
  findDeployProgram,
  freePort,
  plainEnvironment,
  program,
  startChild,
  startNatsServer,
  startPostgres,
  temporaryDirectory,
  until,
  type Child,
  type NatsServer,
  type PostgresServer,
  type TemporaryDirectory,
} from '@flotilla/testing';
import { renderChart } from '../support/render-chart.ts';

const helm = findDeployProgram('helm');
const mounted = '/run/secrets/flotilla';

interface Probe {
  readonly httpGet: { readonly path: string; readonly port: string };
}

interface Container {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
}

interface Pod {
  readonly containers: readonly [Container];
  readonly volumes: readonly {
    readonly projected?: {
      readonly sources: readonly { readonly secret: { readonly items: readonly { key: string; path: string }[] } }[];
    };
  }[];
}

/**
 * The control plane as the chart starts it: its arguments, its environment, and the files of its Secret, made by the
 * command that the chart's notes name. Only addresses are those of this machine.
 */
describe.skipIf(!helm)('what the chart starts', () => {
  let place: TemporaryDirectory;
  let postgres: PostgresServer;
  let nats: NatsServer;
  let keys: string;
  const services = new Map<string, { readonly child: Child; readonly container: Container; readonly port: number }>();
  let gateway: string;

  beforeAll(async () => {
    place = await temporaryDirectory('chart');
    keys = join(place.path, 'keys');
    postgres = await startPostgres({ directory: join(place.path, 'postgres'), fast: true });
    const database = await postgres.createDatabase('flotilla');
    const words = ['--out', keys, '--agents', 'nats://127.0.0.1:4222', '--database', database];
    execFileSync(process.execPath, [program('dev', 'keys.js'), ...words]);
    const brokerKeys = JSON.parse(readFileSync(join(keys, 'broker-keys.json'), 'utf8')) as BrokerKeys;
    nats = await startNatsServer({ directory: join(place.path, 'nats'), keys: brokerKeys });
    const values = { nats: { url: nats.url }, agents: { natsUrl: 'nats://127.0.0.1:4222' } };
    const objects = renderChart(helm!, { chart: 'flotilla', release: 'flotilla', namespace: 'flotilla', values });
    for (const object of objects.filter(({ kind }) => kind === 'Deployment')) await start(object);
  });

  afterAll(async () => {
    await Promise.all([...services.values()].map(({ child }) => child.stop()));
    await Promise.all([nats?.stop(), postgres?.stop()]);
    await place?.remove();
  });

  async function start({ spec }: KubeObject): Promise<void> {
    const pod = (spec as { template: { spec: Pod } }).template.spec;
    const [container] = pod.containers;
    const [port, httpPort] = [await freePort(), await freePort()];
    if (container.name === 'gateway') gateway = `http://127.0.0.1:${httpPort}`;
    const child = startChild({
      name: container.name,
      command: process.execPath,
      args: container.args.map((word) =>
        word.replace(/^apps\/(\w+)\/dist\/main\.js$/, (_, app: string) => program(app)),
      ),
      env: {
        ...plainEnvironment(),
        ...environmentOf(container, mountKeys(pod, container.name)),
        ...here(port, httpPort),
      },
      logFile: join(place.path, `${container.name}.log`),
    });
    services.set(container.name, { child, container, port });
  }

  /** Loopback, free ports, and the broker that npm brings, which is older than what production takes. */
  const here = (port: number, httpPort: number) => ({
    HEALTH_HOST: '127.0.0.1',
    HEALTH_PORT: String(port),
    HTTP_HOST: '127.0.0.1',
    HTTP_PORT: String(httpPort),
    NATS_ALLOW_OLD_SERVER: 'true',
  });

  /** The files that the pod is handed, each under the name that it has there. */
  function mountKeys({ volumes }: Pod, name: string): string {
    const folder = join(place.path, 'mounted', name);
    mkdirSync(folder, { recursive: true });
    const sources = volumes.flatMap(({ projected }) => projected?.sources ?? []);
    for (const { key, path } of sources.flatMap(({ secret }) => secret.items))
      copyFileSync(join(keys, key), join(folder, path));
    return folder;
  }

  function environmentOf({ env }: Container, folder: string): Record<string, string> {
    const own = (value: string) => value.replace(mounted, folder).replace(/^\/cache$/, join(place.path, 'cache'));
    return Object.fromEntries(env.map(({ name, value }) => [name, own(value)]));
  }

  it.each(['sources', 'delivery', 'status', 'gateway'])(
    '%s comes up, and answers the probes of its pod',
    async (name) => {
      const { container, port } = services.get(name)!;
      const ask = async ({ httpGet }: Probe) => (await fetch(`http://127.0.0.1:${port}${httpGet.path}`)).status;
      await until(async () => (await ask(container.readinessProbe)) === 200, {
        what: `${name} to be ready`,
        timeoutMs: 60_000,
      });
      expect({
        alive: await ask(container.livenessProbe),
        port: [container.livenessProbe, container.readinessProbe].map(({ httpGet }) => httpGet.port),
        listens: container.ports.find((each) => each.name === 'health')?.containerPort,
        told: container.env.find((each) => each.name === 'HEALTH_PORT')?.value,
      }).toEqual({ alive: 200, port: ['health', 'health'], listens: 9090, told: '9090' });
    },
  );

  it('lets in whoever has the token that was made with the keys, and a cluster join', async () => {
    const token = readFileSync(join(keys, 'bootstrap-token'), 'utf8');
    const client = new FlotillaClient({ server: gateway, token });
    const body = { name: 'eu-1' };
    const { cluster } = await client.call(operations.joinCluster, { params: { project: 'default' }, body });
    expect(cluster.metadata.name).toBe('eu-1');
  });
});
