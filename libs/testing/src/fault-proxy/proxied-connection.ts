import { connect, type Socket } from 'node:net';
import { FaultyPipe } from './faulty-pipe.ts';
import type { Cut, Direction, LinkFault } from './link-fault.ts';
import type { MessageFilter } from './message-filter.ts';

export interface ProxiedConnectionOptions {
  readonly client: Socket;
  readonly target: { readonly host: string; readonly port: number };
  readonly filters?: Readonly<Record<Direction, MessageFilter>> | undefined;
  readonly onClosed: () => void;
}

/** One connection through the proxy: two sockets and a pipe each way, with faults of its own. */
export class ProxiedConnection {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #pipes: readonly FaultyPipe[];
  readonly #closed: Promise<void>;

  constructor({ client, target, filters, onClosed }: ProxiedConnectionOptions) {
    this.#client = client;
    this.#server = connect({ ...target, allowHalfOpen: true });
    const onCut = (cut: Cut) => this.cut(cut);
    const pipe = (direction: Direction, source: Socket, sink: Socket) =>
      new FaultyPipe({ direction, source, sink, filter: filters?.[direction], onCut });
    this.#pipes = [pipe('up', client, this.#server), pipe('down', this.#server, client)];
    this.#closed = this.#run().finally(onClosed);
  }

  set(fault: LinkFault): void {
    for (const pipe of this.#pipes) pipe.set(fault);
  }

  cut(how: Cut): void {
    for (const socket of [this.#client, this.#server]) {
      if (how === 'reset') socket.resetAndDestroy();
      else socket.end(() => socket.destroy());
    }
  }

  /** Resolves when both sides are gone. */
  get closed(): Promise<void> {
    return this.#closed;
  }

  async #run(): Promise<void> {
    // A side that is gone takes the other with it: nobody is left behind in a connection to nobody.
    const ends = this.#pipes.map((pipe) => pipe.run().catch(() => this.cut('reset')));
    for (const socket of [this.#client, this.#server]) socket.on('error', () => this.cut('reset'));
    await Promise.all(ends);
    this.cut('end');
  }
}
