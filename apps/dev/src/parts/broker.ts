import { Fault, type Running } from '@flotilla/foundation';
import { natsAnswers, startNatsServer, writeNatsConfig } from '@flotilla/testing';
import type { DataDirectory, DemoPorts, DemoSecrets } from '../data-directory.ts';
import { supervise, type Watcher } from '../supervise.ts';

export interface Broker extends Running {
  readonly url: string;
}

export interface BrokerOptions {
  readonly data: DataDirectory;
  readonly ports: DemoPorts;
  readonly secrets: DemoSecrets;
  readonly watcher: Watcher;
}

/** The broker that `NATS_URL` names, or a nats-server of the demo's own, on loopback, with the demo's accounts. */
export async function startBroker({ data, ports, secrets, watcher }: BrokerOptions): Promise<Broker> {
  const directory = await data.makeFolder('nats');
  const options = { directory, port: ports.nats, keys: secrets.broker };
  if (process.env.NATS_URL) return givenBroker(process.env.NATS_URL, await writeNatsConfig(options));
  let url: string | undefined;
  const start = async () => {
    const server = await startNatsServer({ ...options, ownGroup: true });
    url = server.url;
    return server.child;
  };
  const server = await supervise('nats-server', start, watcher);
  return { url: url!, stop: () => server.stop() };
}

/** A server of somebody else's can only serve this fleet with this fleet's accounts. */
async function givenBroker(url: string, configFile: string): Promise<Broker> {
  const { hostname, port } = URL.parse(url) ?? { hostname: '', port: '' };
  if (hostname && (await natsAnswers({ host: hostname, port: Number(port || 4222) }))) {
    return { url, stop: async () => undefined };
  }
  throw new Fault({
    code: 'unavailable',
    reason: 'BrokerUnreachable',
    message: `no nats-server answers at ${url}, which NATS_URL names; start one with this fleet's accounts: nats-server -c ${configFile}`,
  });
}
