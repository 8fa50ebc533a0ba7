import { answerTooLarge, gatherText } from './answer-text.ts';
import type { KubeHeaders, KubeRequest, KubeResponse, KubeTransport } from './kube-transport.port.ts';

/** What a function in this process is asked as an API server. */
export interface InProcessRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

/** What a function in this process answers as an API server. */
export interface InProcessAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | AsyncIterable<string>;
}

/** An API server that is a function: a simulator, or a test's script. */
export type InProcessHandler = (request: InProcessRequest) => Promise<InProcessAnswer>;

/** Reaches an API server in this process, with no socket and no copy of a body that is one text. */
export function inProcessTransport(handle: InProcessHandler): KubeTransport {
  return {
    request: async ({ method, path, query, headers = {}, body, signal }: KubeRequest) => {
      const request = {
        method,
        path,
        query: query ?? new URLSearchParams(),
        headers: singleLines(headers),
        ...(body !== undefined && { body }),
        ...(signal && { signal }),
      };
      const answer = await untilAborted(handle(request), signal);
      return typeof answer.body === 'string'
        ? textResponse(answer, answer.body)
        : streamResponse(answer, answer.body, signal);
    },
  };
}

function textResponse({ status, headers }: InProcessAnswer, text: string): KubeResponse {
  return {
    status,
    headers,
    body: (async function* () {
      yield Buffer.from(text);
    })(),
    text: async (bytesMax = Infinity) => {
      if (Buffer.byteLength(text) > bytesMax) throw answerTooLarge(bytesMax);
      return text;
    },
  };
}

function streamResponse(
  { status, headers }: InProcessAnswer,
  parts: AsyncIterable<string>,
  signal?: AbortSignal,
): KubeResponse {
  const body = encoded(parts, signal);
  return { status, headers, body, text: (bytesMax) => gatherText(body, bytesMax) };
}

/** The handler's stream may ignore the signal, so each wait for its next part ends with it. */
async function* encoded(parts: AsyncIterable<string>, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = parts[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await untilAborted(iterator.next(), signal);
      if (next.done) return;
      yield Buffer.from(next.value);
    }
  } finally {
    // Not awaited: a generator that hangs would hold us here.
    void iterator.return?.()?.catch(() => undefined);
  }
}

function untilAborted<Result>(work: Promise<Result>, signal: AbortSignal | undefined): Promise<Result> {
  if (!signal) return work;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

/** A simulator sees headers as Node's HTTP server shows them: repeated lines joined. */
function singleLines(headers: KubeHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === 'string' ? value : value.join(', ')]),
  );
}
