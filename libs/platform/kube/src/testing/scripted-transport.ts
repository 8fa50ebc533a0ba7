import { inProcessTransport, type InProcessAnswer, type InProcessRequest } from '../transport/in-process-transport.ts';
import type { KubeRequest, KubeResponse, KubeTransport } from '../transport/kube-transport.port.ts';

/** One answer of a script; `fails` breaks the connection instead, `hangs` never answers. */
export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly text?: string;
  readonly stream?: AsyncIterable<string>;
  readonly fails?: Error;
  readonly hangs?: true;
}

/** Answers in their order, of which the last one repeats; or a function that makes each. */
export type Script =
  | readonly ScriptedAnswer[]
  | ((request: InProcessRequest) => ScriptedAnswer | Promise<ScriptedAnswer>);

/**
 * An API server that plays what a test wrote, failures above all. Routes are `METHOD /path`, and
 * `METHOD /path?watch` for the watch of a collection; what has no script is a 404, as at a server that knows no such path.
 */
export class ScriptedTransport implements KubeTransport {
  /** Every request in its order, as `METHOD /path?query`. */
  readonly seen: string[] = [];
  readonly requests: InProcessRequest[] = [];
  readonly #scripts = new Map<string, Script>();
  readonly #played = new Map<string, number>();
  readonly #transport = inProcessTransport((request) => this.#handle(request));

  on(route: string, script: Script): this {
    this.#scripts.set(route, script);
    this.#played.delete(route);
    return this;
  }

  request(request: KubeRequest): Promise<KubeResponse> {
    return this.#transport.request(request);
  }

  async #handle(request: InProcessRequest): Promise<InProcessAnswer> {
    const { method, path, query } = request;
    this.requests.push(request);
    this.seen.push(`${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`);
    const route = `${method} ${path}${query.has('watch') ? '?watch' : ''}`;
    const answer = await this.#next(route, request);
    if (answer.hangs) return new Promise(() => undefined);
    if (answer.fails) throw answer.fails;
    const { status = 200, headers = {}, json, text = '', stream } = answer;
    return { status, headers, body: stream ?? (json === undefined ? text : JSON.stringify(json)) };
  }

  async #next(route: string, request: InProcessRequest): Promise<ScriptedAnswer> {
    const script = this.#scripts.get(route);
    if (!script) return { status: 404, text: '404 page not found' };
    if (typeof script === 'function') return script(request);
    const index = this.#played.get(route) ?? 0;
    this.#played.set(route, index + 1);
    return script[Math.min(index, script.length - 1)]!;
  }
}
