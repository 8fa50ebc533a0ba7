import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hmacSha256 } from '@flotilla/foundation/node';

/** What somebody outside was told, and whether it was signed with the secret. */
interface Told {
  readonly delivery: string;
  readonly actions: readonly string[];
  readonly isSigned: boolean;
}

/** Somebody outside of the control plane who is told what happens. The first request finds it out of order. */
export class NoticeReceiver {
  readonly told: Told[] = [];
  readonly secret = 'the secret of whoever is told';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const body = Buffer.concat(parts).toString('utf8');
        const { delivery, events } = JSON.parse(body) as { delivery: string; events: { action: string }[] };
        const isSigned = request.headers['flotilla-signature'] === `sha256=${hmacSha256(this.secret, body)}`;
        this.told.push({ delivery, actions: events.map(({ action }) => action), isSigned });
        response.writeHead(this.told.length === 1 ? 503 : 204).end();
      });
    });
  }

  static async open(): Promise<NoticeReceiver> {
    const receiver = new NoticeReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/told`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
