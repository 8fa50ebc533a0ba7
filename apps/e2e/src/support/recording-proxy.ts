import { createServer, request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Running } from '@flotilla/foundation';

/** One request that went through, as RBAC sees it: `apps/deployments create`, and where. */
export interface SeenRequest {
  readonly right: string;
  readonly namespace: string | undefined;
  readonly status: number;
}

/** Stands before an API server and writes down who asked for what, and whether he got it. */
export interface RecordingProxy extends Running {
  readonly url: string;
  readonly seen: readonly SeenRequest[];
}

export async function startRecordingProxy(target: { url: string; ca?: string }): Promise<RecordingProxy> {
  const seen: SeenRequest[] = [];
  const server = createServer((incoming, outgoing) => {
    const send = target.url.startsWith('https:') ? tlsRequest : plainRequest;
    const { method = 'GET', headers } = incoming;
    const url = new URL(incoming.url ?? '/', target.url);
    const passed = send(url, { method, headers: { ...headers, host: url.host }, ca: target.ca }, (answer) => {
      const right = rightOf(method, url);
      const status = answer.statusCode ?? 0;
      if (right) seen.push({ ...right, status });
      // What an apply made, its sender had to have the right to make.
      if (right && method === 'PATCH' && status === 201)
        seen.push({ ...right, right: right.right.replace(/patch$/, 'create'), status });
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    // A watch ends when either side has enough of it.
    passed.once('error', () => outgoing.destroy());
    outgoing.once('close', () => passed.destroy());
    incoming.pipe(passed);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const objectPath =
  /^\/(?:api\/v1|apis\/(?<group>[^/]+)\/[^/]+)(?:\/namespaces\/(?<namespace>[^/]+)(?=\/))?\/(?<resource>[a-z]+)(?:\/(?<name>[^/]+))?$/;

/** Nothing for discovery and versions, which everybody may read. */
function rightOf(method: string, url: URL): Omit<SeenRequest, 'status'> | undefined {
  const { group = '', namespace, resource, name } = objectPath.exec(url.pathname)?.groups ?? {};
  if (!resource) return undefined;
  return { right: `${group}/${resource} ${verbOf(method, url, name)}`, namespace };
}

function verbOf(method: string, { searchParams }: URL, name: string | undefined): string {
  if (method === 'GET' && !name) return searchParams.get('watch') ? 'watch' : 'list';
  return { GET: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }[method] ?? method;
}
