import { mkdir, writeFile } from 'node:fs/promises';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
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
  /** A terminal's Ctrl-C does not reach it. */
  readonly ownGroup?: boolean;
}

/** A real nats-server while it runs. */
export interface NatsServer {
  readonly url: string;
  readonly port: number;
  readonly keys: BrokerKeys;
  readonly child: Child;
  stop(): Promise<void>;
}

/** What 10,000 agents need. Left alone, Go lets garbage grow to as much again before it looks. */
const memoryLimit = '780MiB';

/** Starts a real nats-server on loopback with Flotilla's accounts, and waits until it answers. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { directory, keys = createBrokerKeys(), ownGroup = false } = options;
  const port = options.port ?? (await freePort());
  const configFile = await writeNatsConfig({ directory, port, keys });
  const logFile = join(directory, 'nats.log');
  const command = await findNatsServer(process.env);
  const env = { ...process.env, GOMEMLIMIT: memoryLimit };
  const child = startChild({ name: 'nats-server', command, args: ['-c', configFile], logFile, ownGroup, env });
  await until(() => !child.alive || natsAnswers({ host: '127.0.0.1', port }), { what: 'nats-server' }).catch(
    async (error: unknown) => {
      await child.stop();
      throw error;
    },
  );
  if (!child.alive) throw new Error(`nats-server ended at once; its log is ${logFile}`);
  return { url: `nats://127.0.0.1:${port}`, port, keys, child, stop: () => child.stop() };
}

/** Writes the configuration that a nats-server needs to be ours, and returns the file's path. */
export async function writeNatsConfig({
  directory,
  port,
  keys,
}: Required<Pick<NatsServerOptions, 'directory' | 'port' | 'keys'>>): Promise<string> {
  const resolverDirectory = join(directory, 'accounts');
  await mkdir(resolverDirectory, { recursive: true });
  const file = join(directory, 'nats.conf');
  const config = natsServerConfig({ keys, host: '127.0.0.1', port, resolverDirectory });
  await writeFile(file, config, { mode: 0o600 });
  return file;
}

/** A nats-server greets whoever connects with a line that begins with INFO. */
export function natsAnswers({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, host);
    const end = (result: boolean) => {
      socket.destroy();
      resolve(result);
    };
    socket.once('data', (data) => end(data.toString().startsWith('INFO')));
    socket.once('error', () => end(false));
  });
}
