import { createParser, type EventSourceMessage } from 'eventsource-parser';
import {
  operations,
  problemSchema,
  streamEventSchema,
  type ChangedKind,
  type Operation,
  type OperationCall,
  type OperationResponse,
  type Problem,
  type StreamEvent,
} from '@flotilla/contracts';
import { Fault, type FaultCode } from '@flotilla/foundation';

/** Which control plane, as whom, and over what. */
export interface FlotillaClientOptions {
  /** `https://flotilla.example.org`; empty for the origin that served the page. */
  readonly server: string;
  readonly token?: string | undefined;
  /** The platform's `fetch`, or something like it. */
  readonly fetch?: typeof globalThis.fetch;
  /** Told of each request and its answer, for people who debug. */
  readonly onRequest?: (line: string) => void;
}

/** A problem that the API answered with, whole. */
export class ApiFault extends Fault {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super({ code: codeOf(problem.status), reason: problem.code, message: problem.detail });
    this.problem = problem;
  }
}

type AnyCall = { readonly params?: unknown; readonly query?: unknown; readonly body?: unknown };

/** The API, typed by its contract. Runs in a browser and in Node alike. */
export class FlotillaClient {
  readonly #options: FlotillaClientOptions;

  constructor(options: FlotillaClientOptions) {
    this.#options = options;
  }

  /** Calls one operation of the contract. Every refusal is an `ApiFault`, every silence a fault that says so. */
  async call<Of extends Operation>(
    operation: Of,
    call: OperationCall<Of>,
    options: { readonly signal?: AbortSignal; readonly idempotencyKey?: string } = {},
  ): Promise<OperationResponse<Of>> {
    const response = await this.#send(operation, call, options);
    if (operation.text) return (await response.text()) as OperationResponse<Of>;
    return (await response.json()) as OperationResponse<Of>;
  }

  /** Every item of a list, page by page; `query.limit` is the size of a page. */
  async *list<Of extends Operation>(
    operation: Of,
    call: OperationCall<Of>,
  ): AsyncGenerator<ItemOf<OperationResponse<Of>>> {
    let cursor: string | undefined;
    do {
      const query = { limit: 500, ...((call as AnyCall).query as object | undefined), ...(cursor && { cursor }) };
      const page = (await this.call(operation, { ...call, query })) as unknown as PageLike;
      yield* page.items as ItemOf<OperationResponse<Of>>[];
      cursor = page.nextCursor;
    } while (cursor);
  }

  /**
   * Everything of some kinds, then each change, until the signal aborts or the line is cut. `onHeard` is told whenever
   * anything arrives, signs of life included: a line without a sound may be dead without an end.
   */
  async *stream(
    project: string,
    kinds: readonly ChangedKind[],
    signal: AbortSignal,
    onHeard: () => void = () => undefined,
  ): AsyncGenerator<StreamEvent> {
    const call = { params: { project }, query: { kinds: kinds.join(',') } };
    const response = await this.#send(operations.stream, call, { signal });
    const waiting: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => waiting.push(event) });
    // Read at the pace of whoever listens: nothing piles up here, and nothing is dropped.
    for await (const text of textOf(response)) {
      onHeard();
      parser.feed(text);
      for (const { data } of waiting.splice(0)) yield streamEventSchema.parse(JSON.parse(data));
    }
  }

  async #send(
    operation: Operation,
    { params, query, body }: AnyCall,
    { signal, idempotencyKey }: { readonly signal?: AbortSignal; readonly idempotencyKey?: string },
  ): Promise<Response> {
    const { server, token, onRequest } = this.#options;
    const url = server + fillPath(operation.path, params) + queryText(query);
    const headers = {
      accept: operation.stream ? 'text/event-stream' : 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(idempotencyKey && { 'idempotency-key': idempotencyKey }),
    };
    const send = this.#options.fetch ?? globalThis.fetch;
    const request = {
      method: operation.method,
      headers,
      ...(signal && { signal }),
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const response = await send(url, request).catch((error: unknown) => {
      throw signal?.aborted ? error : unreachable(server, error);
    });
    onRequest?.(`${operation.method} ${url} -> ${response.status}`);
    if (response.ok) return response;
    throw await refusal(response, url);
  }
}

interface PageLike {
  readonly items: readonly unknown[];
  readonly nextCursor?: string;
}

type ItemOf<Response> = Response extends { items: (infer Item)[] } ? Item : never;

function fillPath(path: string, params: unknown): string {
  const values = (params ?? {}) as Record<string, string>;
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''));
}

function queryText(query: unknown): string {
  const entries = Object.entries((query ?? {}) as Record<string, unknown>).filter(([, value]) => value !== undefined);
  const texts = Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
  const text = new URLSearchParams(texts).toString();
  return text ? `?${text}` : '';
}

/** What comes in, until the end; whoever stops listening early closes the line. */
async function* textOf(response: Response): AsyncGenerator<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) yield read.value;
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

async function refusal(response: Response, url: string): Promise<Fault> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  if (problem.success) return new ApiFault(problem.data);
  const message = `${url} answered ${response.status} and not as Flotilla does; is it the right server?`;
  return new Fault({ code: codeOf(response.status), reason: 'ServerUnknown', message });
}

/** A fault of whoever sends for us has its own words; all else is a network that does not let us through. */
function unreachable(server: string, cause: unknown): Fault {
  if (cause instanceof Fault) return cause;
  const message = `${server || 'the server'} cannot be reached${whyOf(cause)}; is it running, and is the address right?`;
  return new Fault({ code: 'unavailable', reason: 'ServerUnreachable', message, cause });
}

/** Node hides the error of the network inside the one that it throws; a browser tells nothing. */
function whyOf(error: unknown): string {
  const { code } = ((error as Partial<Error> | null)?.cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? ` (${code})` : '';
}

const codes: Readonly<Record<number, FaultCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  422: 'invalid',
  429: 'too-many',
  503: 'unavailable',
  504: 'timeout',
};

function codeOf(status: number): FaultCode {
  return codes[status] ?? (status < 500 ? 'invalid' : 'internal');
}
