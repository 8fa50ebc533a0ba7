import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '@flotilla/foundation';
import { createBrokerKeys, natsServerConfig, type BrokerKeys } from '@flotilla/platform-bus';
import { startChild, type Child } from '../process/child.ts';
import { freePort } from '../process/ports.ts';
import { until } from '../process/until.ts';
import { findNatsServer } from './nats-binary.ts';

export interface NatsServerOptions {
  /** Holds configuration, account tokens and the log. */
  readonly directory: string;
  readonly port?: number;
  readonly keys?: BrokerKeys;
}

export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly keys: BrokerKeys;
  readonly child: Child;
  stop(): Promise<void>;
}

/** Starts a real nats-server on loopback with Flotilla's accounts, and waits until it answers. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { directory, keys = createBrokerKeys() } = options;
  const port = options.port ?? (await freePort());
  const resolverDirectory = join(directory, 'accounts');
  await mkdir(resolverDirectory, { recursive: true });
  const configFile = join(directory, 'nats.conf');
  const config = natsServerConfig({ keys, host: '127.0.0.1', port, resolverDirectory, nowMs: systemClock.now() });
  await writeFile(configFile, config, { mode: 0o600 });
  const child = startChild({
    name: 'nats-server',
    command: await findNatsServer(process.env),
    args: ['-c', configFile],
    logFile: join(directory, 'nats.log'),
  });
  await until(
    () => {
      if (!child.alive) throw new Error(`nats-server ended at once; its log is ${join(directory, 'nats.log')}`);
      return answers(port);
    },
    { what: 'nats-server' },
  );
  return { url: `nats://127.0.0.1:${port}`, port, keys, child, stop: () => child.stop() };
}

/** A nats-server greets whoever connects with a line that begins with INFO. */
function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1');
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('data', (data) => end(data.toString().startsWith('INFO')));
    socket.once('error', () => end(false));
  });
}
