import {
  operations,
  type Operation,
  type OperationResponse,
  type Problem,
  type StreamEvent,
} from '@flotilla/contracts';

/** What a handler is given: the parts of the request, as they came over the wire. */
export interface FakeRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly headers: Headers;
}

type Handler = (request: FakeRequest) => unknown;

/** A refusal, as the gateway would send it. */
export class Refusal extends Error {
  readonly problem: Problem;

  constructor(status: number, code: string, detail: string, errors?: Problem['errors']) {
    super(detail);
    const title = code;
    this.problem = { type: 'about:blank', title, status, detail, code, retryable: false, ...(errors && { errors }) };
  }
}

/**
 * Plays the control plane for a `fetch`: it answers the operations that it was taught, by the contract, and remembers
 * what was asked. An answer that breaks the contract is a broken test.
 */
export class FakeControlPlane {
  readonly url = 'https://flotilla.example.org';
  /** Everything that was asked, such as `POST /api/v1/projects/default/apply {"files":[]}`. */
  readonly asked: string[] = [];
  /** The tokens that came with the requests. */
  readonly tokens: (string | null)[] = [];
  readonly #handlers = new Map<Operation, Handler>();

  on<Of extends Operation>(operation: Of, answer: (request: FakeRequest) => OperationResponse<Of>): this {
    this.#handlers.set(operation, answer);
    return this;
  }

  /** Streams: each event as soon as it comes, until the events end. */
  streams(events: (request: FakeRequest) => AsyncIterable<StreamEvent>): this {
    this.#handlers.set(operations.stream, events);
    return this;
  }

  /** The orders among what was asked: everything that is no question. */
  get orders(): string[] {
    return this.asked.filter((line) => !line.startsWith('GET '));
  }

  readonly fetch: typeof globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input.toString());
    const method = init?.method ?? 'GET';
    const headers = new Headers(init?.headers);
    const body = typeof init?.body === 'string' ? init.body : '';
    this.asked.push([`${method} ${url.pathname}${url.search}`, body].filter(Boolean).join(' '));
    this.tokens.push(headers.get('authorization'));
    const found = this.#find(method, url);
    if (!found) return problemAnswer(new Refusal(404, 'Missing', `there is no ${url.pathname}`));
    const query = Object.fromEntries(url.searchParams);
    const request = { params: found.params, query, headers, body: body ? (JSON.parse(body) as unknown) : undefined };
    return respond(found.operation, found.handler, { request, signal: init?.signal ?? undefined });
  };

  #find(method: string, url: URL) {
    for (const [operation, handler] of this.#handlers) {
      const pattern = operation.path.replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)');
      const found = operation.method === method ? new RegExp(`^${pattern}$`).exec(url.pathname) : null;
      if (found) return { operation, handler, params: decoded(found.groups) };
    }
    return undefined;
  }
}

function decoded(parts: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, decodeURIComponent(part)]));
}

async function respond(
  operation: Operation,
  handler: Handler,
  { request, signal }: { readonly request: FakeRequest; readonly signal: AbortSignal | undefined },
): Promise<Response> {
  try {
    const answer = handler(request);
    if (operation.stream) return streamAnswer(answer as AsyncIterable<StreamEvent>, signal);
    return Response.json(operation.response.parse(answer), { status: operation.status ?? 200 });
  } catch (error) {
    if (error instanceof Refusal) return problemAnswer(error);
    throw error;
  }
}

function problemAnswer({ problem }: Refusal): Response {
  return Response.json(problem, { status: problem.status });
}

function streamAnswer(events: AsyncIterable<StreamEvent>, signal: AbortSignal | undefined): Response {
  const body = new ReadableStream<Uint8Array>({
    start: async (controller) => {
      let open = true;
      signal?.addEventListener('abort', () => {
        if (open) controller.error(signal.reason);
        open = false;
      });
      for await (const event of events) {
        if (open) controller.enqueue(new TextEncoder().encode(`data: ${JSON.stringify(event)}\n\n`));
      }
      if (open) controller.close();
      open = false;
    },
  });
  return new Response(body, { headers: { 'content-type': 'text/event-stream' } });
}
