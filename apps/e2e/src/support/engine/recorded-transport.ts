import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';

/** One request as it reached the API server, and whether it was let through. */
export interface SentRequest {
  readonly method: KubeRequest['method'];
  readonly path: string;
  readonly query: string;
  readonly body: string | undefined;
  readonly status: number;
}

/** Writes down what goes to an API server, in the order in which the answers came. */
export class RecordedTransport implements KubeTransport {
  readonly sent: SentRequest[] = [];
  readonly #inner: KubeTransport;

  constructor(inner: KubeTransport) {
    this.#inner = inner;
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    const { method, path, query, body } = request;
    const response = await this.#inner.request(request);
    this.sent.push({ method, path, query: query?.toString() ?? '', body, status: response.status });
    return response;
  }
}

/**
 * Deletes that were not proven right: the object was not read fresh, by its name, right before, or could have been
 * another one of that name by then.
 */
export function unprovenDeletes(sent: readonly SentRequest[]): string[] {
  return sent.flatMap((request, index) => {
    if (request.method !== 'DELETE') return [];
    const before = sent.slice(0, index).findLast(({ path }) => path === request.path);
    const isFresh = before?.method === 'GET' && before.status === 200 && !before.query.includes('resourceVersion');
    const { preconditions } = JSON.parse(request.body ?? '{}') as { preconditions?: { uid?: string } };
    return isFresh && preconditions?.uid ? [] : [`${request.path} after ${before?.method} ${before?.status}`];
  });
}
