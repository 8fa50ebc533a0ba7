import { createServer, type Server } from 'node:http';
import { toFault, type Running } from '@flotilla/foundation';

/** Where probes may ask, and who answers them. */
export interface HealthOptions {
  readonly host: string;
  readonly port: number;
  /** What stands in the way of serving right now; ready when it names nothing. */
  readonly notReady: () => Promise<readonly string[]>;
  readonly metricsText: () => Promise<string>;
}

/** A probe is small and soon over; whoever else comes gets few places, and not for long. */
const bounds = { headersTimeout: 5_000, requestTimeout: 5_000, maxHeadersCount: 50, maxConnections: 256 } as const;
const lookForSlowMs = 5_000;

/** The port that Kubernetes' probes and Prometheus ask: `/livez`, `/readyz`, `/metrics`, and nothing else. */
export async function serveHealth(options: HealthOptions): Promise<Running & { readonly port: number }> {
  const server = createServer({ connectionsCheckingInterval: lookForSlowMs }, (request, response) => {
    void answer(request.url ?? '/', options)
      .catch((error: unknown) => ({ status: 503, body: `${toFault(error).message}\n` }))
      .then(({ status, body }) =>
        response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4' }).end(body),
      );
  });
  Object.assign(server, bounds);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, options.host, resolve);
  });
  return { port: portOf(server), stop: () => closed(server) };
}

async function answer(
  url: string,
  { notReady, metricsText }: HealthOptions,
): Promise<{ status: number; body: string }> {
  switch (url.split('?', 1)[0]) {
    case '/livez':
      return { status: 200, body: 'ok\n' };
    case '/readyz': {
      const reasons = await notReady();
      return reasons.length === 0 ? { status: 200, body: 'ok\n' } : { status: 503, body: `${reasons.join('\n')}\n` };
    }
    case '/metrics':
      return { status: 200, body: await metricsText() };
    default:
      return { status: 404, body: 'not found\n' };
  }
}

/** A socket that says nothing must not keep the process up. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return address && typeof address === 'object' ? address.port : 0;
}
