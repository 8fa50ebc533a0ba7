import type { Dispatcher, Pool as PoolType } from 'undici';
// The pool alone: undici's own door also loads fetch, WebSocket, caches and mocks, which an agent would carry as
// 30 MB for nothing. The version is pinned exactly, and the specs on real sockets would notice a move.
import Pool from 'undici/lib/dispatcher/pool.js';
import type { TlsMaterial } from './credentials.ts';

/** The connections of one identity to one server. */
export interface Connections {
  readonly tls: TlsMaterial;
  /** For requests that end. Over HTTP/2 they share one connection, over HTTP/1.1 there are up to `connectionsMax`. */
  readonly calls: Dispatcher;
  /** For answers that go on: they must not take the window or the places of short requests. */
  readonly streams: Dispatcher;
  /**
   * HTTP/1.1 only, for headers of several lines: over HTTP/2 undici folds them into one, and two groups of an
   * impersonated user would become a single one of another name.
   */
  readonly lines: Dispatcher;
}

export interface OpenConnectionsOptions {
  readonly origin: string;
  readonly tls: TlsMaterial;
  readonly proxy?: string;
  readonly connectionsMax: number;
}

const idleMs = 60_000;
const connectTimeoutMs = 10_000;

export async function openConnections(options: OpenConnectionsOptions): Promise<Connections> {
  const open = options.proxy ? await poolsBehind(options.proxy, options) : poolsTo(options);
  return {
    tls: options.tls,
    calls: open({ connections: options.connectionsMax }),
    streams: open({}),
    lines: open({ allowH2: false }),
  };
}

export async function closeConnections(connections: Connections): Promise<void> {
  await Promise.all(dispatchersOf(connections).map((dispatcher) => dispatcher.destroy()));
}

/** Lets what is under way finish; a watch ends by itself within minutes. */
export function retireConnections(connections: Connections): void {
  for (const dispatcher of dispatchersOf(connections)) void dispatcher.close().catch(() => undefined);
}

type OpenPool = (settings: PoolType.Options) => Dispatcher;

const settled = { allowH2: true, keepAliveTimeout: idleMs, pipelining: 1 };

function poolsTo({ origin, tls }: OpenConnectionsOptions): OpenPool {
  return (settings) => new Pool(origin, { ...settled, ...settings, connect: connectOf(tls) });
}

async function poolsBehind(proxy: string, { tls }: OpenConnectionsOptions): Promise<OpenPool> {
  const { ProxyAgent } = await import('undici');
  return (settings) => new ProxyAgent({ ...settled, ...settings, uri: proxy, requestTls: connectOf(tls) });
}

function connectOf(tls: TlsMaterial): object {
  const given = Object.entries(tls).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: 30_000 };
}

function dispatchersOf({ calls, streams, lines }: Connections): Dispatcher[] {
  return [calls, streams, lines];
}
