import type { Dispatcher } from 'undici';
import type { CredentialSource, TlsMaterial } from './credentials.ts';
import { connectionFault } from './connection-fault.ts';
import { exchange } from './http-exchange.ts';
import type { KubeHeaders, KubeRequest, KubeResponse, KubeTransport } from './kube-transport.port.ts';
import { closeConnections, openConnections, retireConnections, type Connections } from './open-connections.ts';

export interface HttpTransportOptions {
  /** `https://host:port`, with a path before the API's own where a proxy asks for one. */
  readonly server: string;
  readonly credentials: CredentialSource;
  /** The namespace that goes with this identity: the pod's own, or the one of the kubeconfig's context. */
  readonly namespace?: string | undefined;
  /** An HTTP proxy between us and the server. */
  readonly proxy?: string | undefined;
  readonly userAgent?: string | undefined;
}

const connectionsMax = 32;
/**
 * A connection that is silent for so long on a request that ends is suspected, asked for a sign of life, replaced.
 * The server itself gives up a write after 34 s, and its words are better than ours.
 */
const silenceMaxMs = 36_000;

/**
 * Reaches an API server over kept connections: one over HTTP/2 where the server offers it, a bounded pool over
 * HTTP/1.1 where not. Credentials are asked for before each request, so a rotated token or certificate is in use
 * at the next one. Redirects are not followed: credentials go to this server only.
 */
export class HttpTransport implements KubeTransport {
  readonly server: string;
  readonly namespace: string | undefined;
  readonly #options: HttpTransportOptions;
  readonly #origin: string;
  readonly #prefix: string;
  #connections: Promise<Connections> | undefined;

  constructor(options: HttpTransportOptions) {
    const { origin, pathname } = new URL(options.server);
    this.server = options.server;
    this.namespace = options.namespace;
    this.#options = options;
    this.#origin = origin;
    this.#prefix = pathname.replace(/\/+$/, '');
  }

  async request({ method, path, query, headers, body, signal, endless }: KubeRequest): Promise<KubeResponse> {
    const credentials = await this.#options.credentials();
    const connections = await this.#connectionsWith(credentials.tls);
    const sent = mergeHeaders({ 'user-agent': this.#options.userAgent ?? 'flotilla', ...credentials.headers }, headers);
    const silenceMs = endless ? 0 : silenceMaxMs;
    return exchange({
      dispatcher: dispatcherFor(connections, sent, endless),
      request: {
        origin: this.#origin,
        method,
        path: `${this.#prefix}${path}${query?.size ? `?${query.toString()}` : ''}`,
        headers: sent as Record<string, string | string[]>,
        ...(body !== undefined && { body }),
        headersTimeout: silenceMs,
        bodyTimeout: silenceMs,
      },
      signal,
      faultOf: (error) => connectionFault(this.server, error),
    });
  }

  async close(): Promise<void> {
    const open = await this.#connections;
    this.#connections = undefined;
    if (open) await closeConnections(open);
  }

  /** A new certificate needs new connections: a server looks at it when a connection is made, and then no more. */
  async #connectionsWith(tls: TlsMaterial): Promise<Connections> {
    const opening = (this.#connections ??= this.#open(tls));
    const open = await opening;
    if (sameTls(open.tls, tls)) return open;
    if (this.#connections === opening) {
      this.#connections = undefined;
      retireConnections(open);
    }
    return this.#connectionsWith(tls);
  }

  #open(tls: TlsMaterial): Promise<Connections> {
    const { proxy } = this.#options;
    return openConnections({ origin: this.#origin, tls, connectionsMax, ...(proxy && { proxy }) });
  }
}

/** A request that names its own identity gets none of another's: left-over groups would be rights. */
function mergeHeaders(ours: KubeHeaders, given: KubeHeaders = {}): KubeHeaders {
  if (!('impersonate-user' in given)) return { ...ours, ...given };
  const others = Object.entries(ours).filter(([name]) => !name.startsWith('impersonate-'));
  return { ...Object.fromEntries(others), ...given };
}

function sameTls(left: TlsMaterial, right: TlsMaterial): boolean {
  return left.ca === right.ca && left.cert === right.cert && left.key === right.key;
}

function dispatcherFor(connections: Connections, headers: KubeHeaders, endless: boolean | undefined): Dispatcher {
  const severalLines = Object.values(headers).some((value) => Array.isArray(value) && value.length > 1);
  if (severalLines) return connections.lines;
  return endless ? connections.streams : connections.calls;
}
