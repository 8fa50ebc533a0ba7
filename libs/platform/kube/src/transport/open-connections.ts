import type { Dispatcher } from 'undici';
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
}

export interface OpenConnectionsOptions {
  readonly origin: string;
  readonly tls: TlsMaterial;
  readonly proxy?: string;
  readonly connectionsMax: number;
}

const idleMs = 60_000;
const connectTimeoutMs = 10_000;

export async function openConnections({ origin, tls, proxy, connectionsMax }: OpenConnectionsOptions): Promise<Connections> {
  const connect = { ...definedOnly(tls), timeout: connectTimeoutMs, keepAlive: true, keepAliveInitialDelay: 30_000 };
  const settings = { allowH2: true, keepAliveTimeout: idleMs, pipelining: 1 };
  if (proxy) {
    const { ProxyAgent } = await import('undici');
    const open = () => new ProxyAgent({ ...settings, uri: proxy, requestTls: connect });
    return { tls, calls: open(), streams: open() };
  }
  return {
    tls,
    calls: new Pool(origin, { ...settings, connect, connections: connectionsMax }),
    streams: new Pool(origin, { ...settings, connect }),
  };
}

export async function closeConnections({ calls, streams }: Connections): Promise<void> {
  await Promise.all([calls.destroy(), streams.destroy()]);
}

/** Lets what is under way finish; a watch ends by itself within minutes. */
export function retireConnections({ calls, streams }: Connections): void {
  for (const dispatcher of [calls, streams]) void dispatcher.close().catch(() => undefined);
}

function definedOnly<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
}
