import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

export interface HostTraffic {
  readonly requests: number;
  /** Bytes that arrived at the socket, headers included. */
  readonly up: number;
  /** Bytes that left the socket, headers included. */
  readonly down: number;
}

const none: HostTraffic = { requests: 0, up: 0, down: 0 };

/** Counts bytes at the sockets and books them to the repository that each request was for. */
export class TrafficMeter {
  readonly #byRepository = new Map<string, HostTraffic>();
  readonly #booked = new WeakMap<Socket, { up: number; down: number }>();

  of(repository: string): HostTraffic {
    return this.#byRepository.get(repository) ?? none;
  }

  /** Books what the socket moved between the last request on it and the end of this one. */
  watch(repository: string, request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.once('close', () => {
      const before = this.#booked.get(socket) ?? { up: 0, down: 0 };
      const now = { up: socket.bytesRead, down: socket.bytesWritten };
      this.#booked.set(socket, now);
      const sum = this.of(repository);
      this.#byRepository.set(repository, {
        requests: sum.requests + 1,
        up: sum.up + now.up - before.up,
        down: sum.down + now.down - before.down,
      });
    });
  }
}
