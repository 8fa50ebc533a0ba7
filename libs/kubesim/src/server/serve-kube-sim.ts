import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KubeSim } from '../kube-sim.ts';
import type { SimRequest, SimResponse } from '../sim-request.ts';
import { readBody } from './read-body.ts';
import { notAuthorized, tooLarge, unexpected } from './refusals.ts';

export interface ServeOptions {
  /** The simulation is not for others: loopback only. */
  readonly host?: '127.0.0.1' | '::1';
  /** Zero for any free port. */
  readonly port?: number;
  /** The bearer tokens that are let in. Whoever is in may do everything. */
  readonly tokens: readonly string[];
}

/** A simulator that listens. */
export interface ServedKubeSim {
  readonly url: string;
  readonly port: number;
  /** Ends open watches too. */
  close(): Promise<void>;
}

/** Serves a simulated cluster over real HTTP, as its clients expect an API server. */
export async function serveKubeSim(sim: KubeSim, options: ServeOptions): Promise<ServedKubeSim> {
  const { host = '127.0.0.1', port = 0 } = options;
  const tokens = new Set(options.tokens);
  const closing = new AbortController();
  const server = createServer((incoming, outgoing) => {
    void answer({ sim, tokens, incoming, outgoing, closing: closing.signal });
  });
  // A watch may be silent for as long as it likes.
  server.requestTimeout = 0;
  await listen(server, port, host);
  const bound = (server.address() as AddressInfo).port;
  const name = host === '::1' ? `[${host}]` : host;
  return {
    url: `http://${name}:${bound}`,
    port: bound,
    close: async () => {
      closing.abort();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

interface Exchange {
  readonly sim: KubeSim;
  readonly tokens: ReadonlySet<string>;
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly closing: AbortSignal;
}

async function answer({ sim, tokens, incoming, outgoing, closing }: Exchange): Promise<void> {
  const gone = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) gone.abort();
  });
  try {
    if (!isLetIn(incoming, tokens)) return await send(outgoing, notAuthorized);
    const body = await readBody(incoming);
    if (body === undefined) return await send(outgoing, tooLarge);
    const signal = AbortSignal.any([gone.signal, closing]);
    await send(outgoing, await sim.handle({ ...requestOf(incoming), body, signal }));
  } catch (error) {
    if (!outgoing.headersSent) await send(outgoing, unexpected(error));
    else outgoing.destroy();
  }
}

function isLetIn({ headers }: IncomingMessage, tokens: ReadonlySet<string>): boolean {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return token !== undefined && tokens.has(token);
}

function requestOf({ method = 'GET', url = '/', headers }: IncomingMessage): Omit<SimRequest, 'body'> {
  const { pathname, searchParams } = new URL(url, 'http://kubesim');
  const plain = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]);
  return { method, path: pathname, query: searchParams, headers: Object.fromEntries(plain) as Record<string, string> };
}

async function send(outgoing: ServerResponse, { status, headers, body }: SimResponse): Promise<void> {
  outgoing.writeHead(status, headers);
  if (typeof body === 'string') {
    outgoing.end(body);
    return;
  }
  // The head goes out at once: a client waits for it before the first event comes.
  outgoing.flushHeaders();
  for await (const line of body) {
    if (!outgoing.write(line)) await drained(outgoing);
    if (outgoing.destroyed) break;
  }
  outgoing.end();
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      outgoing.removeListener('drain', done).removeListener('close', done);
      resolve();
    };
    outgoing.once('drain', done).once('close', done);
  });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}
