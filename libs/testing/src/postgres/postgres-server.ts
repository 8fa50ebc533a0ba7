import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { Fault } from '@flotilla/foundation';
import { startChild, type Child } from '../process/child.ts';
import { freePort } from '../process/ports.ts';
import { until } from '../process/until.ts';
import { canEnter, findPostgres, type PostgresFiles } from './postgres-files.ts';
import { giveToServant, servant } from './servant.ts';

export interface PostgresOptions {
  /** Holds the data directory, the password and the log. */
  readonly directory: string;
  readonly port?: number;
  /** Give up durability for speed: only for tests. */
  readonly fast?: boolean;
  /** What commits outlive: the machine, unless said otherwise. A test that kills processes only need not wait for a disk. */
  readonly outlive?: 'machine' | 'kill';
  /** A terminal's Ctrl-C does not reach it. */
  readonly ownGroup?: boolean;
}

/** A real PostgreSQL while it runs. */
export interface PostgresServer {
  readonly port: number;
  readonly child: Child;
  url(database?: string): string;
  /** Makes an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a real PostgreSQL on loopback, on new or kept data, and waits until it takes connections. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const { directory } = options;
  const port = options.port ?? (await freePort());
  await mkdir(directory, { recursive: true });
  if (servant !== undefined) await letServantIn(directory);
  const files = await findPostgres(directory, servant);
  const password = await initialised(directory, files);
  const logFile = join(directory, 'postgres.log');
  const child = startChild({
    name: 'postgres',
    command: files.postgres,
    args: ['-D', join(directory, 'data'), ...settings(port, options)],
    logFile,
    // Fast shutdown: sessions are ended, nothing is lost.
    stopSignal: 'SIGINT',
    ownGroup: options.ownGroup ?? false,
    ...(servant !== undefined && { uid: servant }),
  });
  const url = (database = 'postgres') => `postgres://flotilla:${password}@127.0.0.1:${port}/${database}`;
  await until(() => (child.alive ? withClient(url(), async () => true) : true), {
    what: 'PostgreSQL',
    timeoutMs: 30_000,
  }).catch(async (error: unknown) => {
    await child.stop();
    throw error;
  });
  if (!child.alive) throw new Error(`PostgreSQL ended at once; its log is ${logFile}`);
  const createDatabase = async (name: string) => {
    await withClient(url(), (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`));
    return url(name);
  };
  return { port, child, url, createDatabase, stop: () => child.stop() };
}

/** Under root, the user that PostgreSQL runs as has to get to its own data. */
async function letServantIn(directory: string): Promise<void> {
  await chmod(directory, 0o711);
  if (await canEnter(directory)) return;
  const message = `PostgreSQL does not run as root, and other users cannot enter ${directory}; choose a folder below one that is open, such as /var/tmp`;
  throw new Fault({ code: 'invalid', reason: 'DirectoryClosed', message });
}

function settings(port: number, { fast = false, outlive = 'machine' }: PostgresOptions): string[] {
  const values = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 120,
    shared_buffers: '64MB',
    ...((fast || outlive === 'kill') && { fsync: 'off', full_page_writes: 'off' }),
    ...(fast && { synchronous_commit: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function initialised(directory: string, files: PostgresFiles): Promise<string> {
  const data = join(directory, 'data');
  const passwordFile = join(directory, 'password');
  if (existsSync(join(data, 'PG_VERSION')) && existsSync(passwordFile)) return readFile(passwordFile, 'utf8');
  // What a cut-off first start left is worth nothing.
  await rm(data, { recursive: true, force: true });
  await mkdir(data, { mode: 0o700 });
  const password = randomBytes(24).toString('hex');
  await writeFile(passwordFile, password, { mode: 0o600 });
  await giveToServant([data, passwordFile]);
  const initdb = startChild({
    name: 'initdb',
    command: files.initdb,
    args: [
      `--pgdata=${data}`,
      '--username=flotilla',
      '--auth=scram-sha-256',
      `--pwfile=${passwordFile}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-instructions',
      '--no-sync',
    ],
    logFile: join(directory, 'initdb.log'),
    ...(servant !== undefined && { uid: servant }),
  });
  const result = await initdb.exited;
  if (result !== 'exit code 0')
    throw new Error(`initdb failed (${result}); its log is ${join(directory, 'initdb.log')}`);
  return password;
}

async function withClient<Result>(url: string, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}
