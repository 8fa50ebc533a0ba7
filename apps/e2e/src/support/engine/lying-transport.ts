import type { KubeRequest, KubeResponse, KubeTransport } from '@flotilla/platform-kube';
import { linesOf } from './lines-of.ts';

/** One line of a watch, as the API server wrote it. */
export interface WatchedLine {
  readonly type: string;
  readonly object: { readonly metadata?: { readonly name?: string; readonly resourceVersion?: string } };
}

/** What a watch tells in place of one line: nothing, the line, or more. */
export type LineLie = (line: WatchedLine) => readonly WatchedLine[];

/** A false answer, or nothing, and the request goes through. */
export type AnswerLie = (request: KubeRequest) => KubeResponse | undefined;

/**
 * Stands between an agent and its API server and lies about what there is: lists from long ago, watches that drop, double
 * and reorder, kinds that are not there. What is asked by name is answered truly, and what is written is written.
 */
export class LyingTransport implements KubeTransport {
  /** Lists tell what there was at this resource version, and watches nothing of what came after. */
  listsFrom: string | undefined;
  tell: LineLie | undefined;
  answer: AnswerLie | undefined;
  readonly #inner: KubeTransport;
  #open = new AbortController();

  constructor(inner: KubeTransport) {
    this.#inner = inner;
  }

  /** From now on everything is true. Streams that were lied on are cut, as they are sooner or later. */
  beHonest(): void {
    this.listsFrom = this.tell = this.answer = undefined;
    this.cutWatches();
  }

  cutWatches(): void {
    this.#open.abort();
    this.#open = new AbortController();
  }

  async request(request: KubeRequest): Promise<KubeResponse> {
    const lie = this.answer?.(request);
    if (lie) return lie;
    if (request.endless) return this.#watch(request);
    return this.#inner.request(this.#isList(request) ? fromLongAgo(request, this.listsFrom!) : request);
  }

  #isList({ method, query }: KubeRequest): boolean {
    return this.listsFrom !== undefined && method === 'GET' && query?.has('limit') === true;
  }

  async #watch(request: KubeRequest): Promise<KubeResponse> {
    const { signal: cut } = this.#open;
    const signal = request.signal ? AbortSignal.any([request.signal, cut]) : cut;
    const response = await this.#inner.request({ ...request, signal });
    return response.status === 200 ? { ...response, body: this.#told(response.body) } : response;
  }

  async *#told(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const line of linesOf(body)) {
      if (this.listsFrom !== undefined) continue;
      const told = this.tell ? this.tell(JSON.parse(line) as WatchedLine).map((each) => JSON.stringify(each)) : [line];
      for (const each of told) yield Buffer.from(`${each}\n`);
    }
  }
}

function fromLongAgo(request: KubeRequest, resourceVersion: string): KubeRequest {
  const query = new URLSearchParams(request.query);
  if (query.has('continue')) return request;
  query.set('resourceVersion', resourceVersion);
  query.set('resourceVersionMatch', 'Exact');
  return { ...request, query };
}

/** A watch that says where its server is, and ends: what it does of itself within a minute or two. */
export function bookmarkAnswer(kind: string, resourceVersion: string): KubeResponse {
  return answerOf(200, `${JSON.stringify({ type: 'BOOKMARK', object: { kind, metadata: { resourceVersion } } })}\n`);
}

/** An answer that no API server gave. */
export function falseAnswer(status: number, body: object): KubeResponse {
  return answerOf(status, JSON.stringify(body));
}

function answerOf(status: number, text: string): KubeResponse {
  return {
    status,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield Buffer.from(text);
    })(),
    text: async () => text,
  };
}
