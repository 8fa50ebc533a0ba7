import { lookup as lookupName, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { addressPolicy, type AddressPolicy, type PrivateNetworks } from './address-policy.ts';
import { isLoopbackHost } from './remote-url.ts';
import { Agent, connectorOf, requestThrough } from './undici-parts.ts';

export interface GitDispatcherOptions {
  readonly privateNetworks?: PrivateNetworks;
  /** Which names may lead to this machine itself; those that name it where nothing is said. */
  readonly isLoopbackHost?: (hostname: string) => boolean;
  /** Certificates to trust besides the usual ones, in PEM: a company's own authority. */
  readonly ca?: string | readonly string[];
  /** How names become addresses; the machine's own way when not given. */
  readonly lookup?: LookupFunction;
  readonly connectTimeoutMs?: number;
  /** The longest a host may stay silent. */
  readonly silenceTimeoutMs?: number;
}

/** Bytes at the sockets: bodies, headers and everything else that HTTP adds. */
export interface SocketTraffic {
  readonly up: number;
  readonly down: number;
}

/**
 * The connections of this process to Git hosts. One is enough for all remotes: connections are kept alive and shared by
 * origin, and every address is judged before it is dialled.
 */
export class GitDispatcher {
  readonly dispatcher: Dispatcher;
  readonly #open = new Set<Socket>();
  #closedUp = 0;
  #closedDown = 0;

  constructor(options: GitDispatcherOptions = {}) {
    const silenceTimeoutMs = options.silenceTimeoutMs ?? 30_000;
    this.dispatcher = new Agent({
      connect: this.#connector(options),
      connections: 8,
      keepAliveTimeout: 60_000,
      headersTimeout: silenceTimeoutMs,
      bodyTimeout: silenceTimeoutMs,
    });
  }

  /** What went over all connections since the start: the figure that a budget of bytes is held against. */
  traffic(): SocketTraffic {
    let [up, down] = [this.#closedUp, this.#closedDown];
    for (const socket of this.#open) {
      up += socket.bytesWritten;
      down += socket.bytesRead;
    }
    return { up, down };
  }

  /** One request to anybody, under the same rules about addresses. Nothing is followed, and nothing sent twice. */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    return requestThrough(this.dispatcher, options);
  }

  async close(): Promise<void> {
    await this.dispatcher.destroy();
  }

  #connector(options: GitDispatcherOptions): buildConnector.connector {
    const policy = addressPolicy({
      privateNetworks: options.privateNetworks ?? 'allow',
      isLoopbackHost: options.isLoopbackHost ?? isLoopbackHost,
    });
    const dial = connectorOf({
      timeout: options.connectTimeoutMs ?? 10_000,
      lookup: judgedLookup(policy, options.lookup ?? lookupName),
      ...(options.ca && { ca: typeof options.ca === 'string' ? options.ca : [...options.ca] }),
    });
    return (target, callback) => {
      const hostname = target.hostname.replace(/^\[|\]$/g, '');
      try {
        // An address that is written out is dialled without a look-up.
        if (isIP(hostname)) policy(hostname, hostname);
      } catch (error) {
        return callback(error as Error, null);
      }
      dial(target, (error, socket) => {
        if (error) return callback(error, null);
        this.#count(socket);
        callback(null, socket);
      });
    };
  }

  #count(socket: Socket): void {
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#closedUp += socket.bytesWritten;
      this.#closedDown += socket.bytesRead;
    });
  }
}

/** A look-up whose answers are judged, all of them: one bad address among good ones spoils the name. */
function judgedLookup(policy: AddressPolicy, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, options, (error, address, family) => {
      if (error) return callback(error, address, family);
      try {
        for (const each of addressesOf(address)) policy(each, hostname);
      } catch (refusal) {
        return callback(refusal as Error, '', 0);
      }
      callback(null, address, family);
    });
  };
}

function addressesOf(answer: string | LookupAddress[]): string[] {
  return typeof answer === 'string' ? [answer] : answer.map(({ address }) => address);
}
