import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

interface Identity {
  readonly username: string;
  readonly groups: readonly string[];
}

/**
 * Answers the API server's question "whose token is this?", so that a test can make an identity at any time. The
 * server reads its token file at its start only, hence this way.
 */
export class TokenAuthenticator {
  readonly configFile: string;
  readonly #server: Server;
  readonly #identities = new Map<string, Identity>();

  static async listen(folder: string): Promise<TokenAuthenticator> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '127.0.0.1', resolve);
    });
    return new TokenAuthenticator(server, folder);
  }

  private constructor(server: Server, folder: string) {
    this.#server = server;
    this.configFile = join(folder, 'token-webhook.json');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    writeFileSync(this.configFile, JSON.stringify(webhookConfig(url)));
    server.on('request', (request, response) => {
      void readBody(request).then((body) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(this.#review(body));
      });
    });
  }

  tokenFor(username: string, groups: readonly string[]): string {
    const token = randomBytes(24).toString('hex');
    this.#identities.set(token, { username, groups });
    return token;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #review(body: string): string {
    const { apiVersion, kind, spec } = JSON.parse(body) as TokenReview;
    const user = this.#identities.get(spec.token);
    return JSON.stringify({
      apiVersion,
      kind,
      status: user ? { authenticated: true, user } : { authenticated: false },
    });
  }
}

interface TokenReview {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: { readonly token: string };
}

function webhookConfig(server: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'tokens', cluster: { server } }],
    users: [{ name: 'kube-apiserver', user: {} }],
    contexts: [{ name: 'tokens', context: { cluster: 'tokens', user: 'kube-apiserver' } }],
    'current-context': 'tokens',
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
