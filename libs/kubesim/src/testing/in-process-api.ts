import type { ConformanceApi, ConformanceRequest, WatchEvent } from '../conformance/conformance-api.ts';
import type { KubeSim } from '../kube-sim.ts';
import type { Json } from '../schema/schema-type.ts';
import type { SimRequest } from '../sim-request.ts';

/** Speaks to a simulated cluster without HTTP. */
export function inProcessApi(sim: KubeSim, now = 0): ConformanceApi {
  return {
    now,
    request: async (method, path, options = {}) => {
      const { status, headers, body } = await sim.handle(simRequest(method, path, options));
      return { status, headers, body: readBody(body as string) };
    },
    watch: (path, headers = {}) => watch(sim, path, headers),
  };
}

function simRequest(method: string, path: string, { headers = {}, body }: ConformanceRequest): SimRequest {
  const { pathname, searchParams } = new URL(path, 'http://kubesim');
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const request = { method, path: pathname, query: searchParams };
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    ...request,
    headers: { 'user-agent': 'conformance', ...type, ...Object.fromEntries(lower) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

export function readBody(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

async function* watch(
  sim: KubeSim,
  path: string,
  headers: Readonly<Record<string, string>>,
): AsyncGenerator<WatchEvent, void, void> {
  const stop = new AbortController();
  try {
    const { body } = await sim.handle({ ...simRequest('GET', path, { headers }), signal: stop.signal });
    if (typeof body === 'string') {
      yield { type: 'REFUSED', object: JSON.parse(body) as WatchEvent['object'] };
      return;
    }
    for await (const line of body) yield JSON.parse(line) as WatchEvent;
  } finally {
    stop.abort();
  }
}
