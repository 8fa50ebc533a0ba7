import type { ConformanceApi, ConformanceRequest, WatchEvent } from '@flotilla/kubesim/testing';
import type { KubeRequest, KubeTransport } from '@flotilla/platform-kube';

type Json = ConformanceRequest['body'];

/** An API server on the other side of a connection, as the conformance cases see it: nothing is tried again. */
export function conformanceOverHttp(transport: KubeTransport, now: number): ConformanceApi {
  return {
    now,
    request: async (method, path, options = {}) => {
      const response = await transport.request(plainRequest(method, path, options));
      return { status: response.status, headers: response.headers, body: asJson(await response.text()) };
    },
    watch: (path, headers = {}) => watch(transport, path, headers),
  };
}

async function* watch(
  transport: KubeTransport,
  path: string,
  headers: Readonly<Record<string, string>>,
): AsyncGenerator<WatchEvent, void, void> {
  const response = await transport.request({ ...plainRequest('GET', path, { headers }), endless: true });
  if (response.status !== 200) {
    yield { type: 'REFUSED', object: JSON.parse(await response.text()) as WatchEvent['object'] };
    return;
  }
  let rest = '';
  for await (const chunk of response.body) {
    const lines = (rest + Buffer.from(chunk).toString('utf8')).split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line) as WatchEvent;
  }
}

function plainRequest(method: string, path: string, { headers = {}, body }: ConformanceRequest): KubeRequest {
  const lower = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  const type = body === undefined ? {} : { 'content-type': 'application/json' };
  return {
    method: method as KubeRequest['method'],
    path,
    headers: { 'user-agent': 'conformance', ...type, ...Object.fromEntries(lower) },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  };
}

function asJson(text: string): NonNullable<Json> {
  try {
    return JSON.parse(text) as NonNullable<Json>;
  } catch {
    return text;
  }
}
