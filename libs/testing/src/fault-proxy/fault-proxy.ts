import { createServer, type Server, type Socket } from 'node:net';
import type { Running } from '@flotilla/foundation';
import { freePort } from '../process/ports.ts';
import { passing, type Cut, type Direction, type LinkFault } from './link-fault.ts';
import type { MessageFilter } from './message-filter.ts';
import { ProxiedConnection } from './proxied-connection.ts';

export interface FaultProxyOptions {
  /** A port on loopback: what is behind the proxy. It may come and go. */
  readonly to: number;
  /** Makes the filters of a new connection, where messages shall be seen and not only bytes. */
  readonly filters?: () => Readonly<Record<Direction, MessageFilter>>;
}

const host = '127.0.0.1';

/** Starts a proxy on loopback that passes everything on until it is told otherwise. */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const proxy = new FaultProxy(options, await freePort());
  await proxy.open();
  return proxy;
}

/** A line between two parts that can be spoilt: for one connection, or for all of them and those to come. */
export class FaultProxy implements Running {
  readonly port: number;
  readonly #options: FaultProxyOptions;
  readonly #connections = new Set<ProxiedConnection>();
  #server: Server | undefined;
  #fault: LinkFault = passing;

  constructor(options: FaultProxyOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  /** Those that are open, the oldest first. */
  get connections(): readonly ProxiedConnection[] {
    return [...this.#connections];
  }

  /** From now on this is wrong with every connection, old and new; `passing` mends them. */
  set(fault: LinkFault): void {
    this.#fault = fault;
    for (const connection of this.#connections) connection.set(fault);
  }

  /** Cuts every connection; new ones are taken. */
  cut(how: Cut): void {
    for (const connection of this.#connections) connection.cut(how);
  }

  /** Takes connections again, at the same address. */
  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ allowHalfOpen: true }, (client) => this.#accept(client));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.port, host, resolve);
    });
    this.#server = server;
  }

  /** As if nothing were behind the address: connections are cut, and new ones are refused. */
  async close(how: Cut = 'reset'): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    const closed = server && new Promise<void>((resolve) => void server.close(() => resolve()));
    const ended = this.connections.map((connection) => connection.closed);
    this.cut(how);
    await Promise.all([closed, ...ended]);
  }

  stop(): Promise<void> {
    return this.close();
  }

  #accept(client: Socket): void {
    const connection = new ProxiedConnection({
      client,
      target: { host, port: this.#options.to },
      filters: this.#options.filters?.(),
      onClosed: () => this.#connections.delete(connection),
    });
    connection.set(this.#fault);
    this.#connections.add(connection);
  }
}
