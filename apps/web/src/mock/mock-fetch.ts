import { operations, type Problem } from '@flotilla/contracts';
import type { Clock } from '@flotilla/foundation';
import type { LiveKind } from '../live/live-state.ts';
import { answerTo, paramsIn } from './mock-answers.ts';
import type { MockFleet } from './mock-fleet.ts';
import { mockStream, type MockLines } from './mock-stream.ts';

/** The token that a mock fleet takes. */
export const mockToken = 'mock';

interface MockFetchOptions {
  readonly fleet: MockFleet;
  readonly lines: MockLines;
  readonly clock: Clock;
}

/** A `fetch` that answers from a made-up fleet as the gateway would. */
export function mockFetch(options: MockFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const request = new Request(input, init);
    await options.clock.sleep(60);
    if (options.lines.down) throw new TypeError('the mock control plane is down');
    if (request.headers.get('authorization') !== `Bearer ${mockToken}`)
      return problem(401, 'TokenRefused', 'no such token');
    const { pathname, searchParams } = new URL(request.url);
    if (paramsIn(operations.stream, pathname)) return streamed(options, searchParams, request.signal);
    const { method } = request;
    const body: unknown = method === 'POST' ? JSON.parse((await request.text()) || 'null') : undefined;
    const answer = answerTo({ method, pathname, body }, options.fleet, options.clock.now());
    return answer.ok ? Response.json(answer.value) : problem(404, 'Missing', answer.reason);
  };
}

function streamed({ fleet, lines }: MockFetchOptions, query: URLSearchParams, signal: AbortSignal): Response {
  const kinds = (query.get('kinds') ?? '').split(',') as LiveKind[];
  return new Response(mockStream({ fleet, lines, kinds, signal }), {
    headers: { 'content-type': 'text/event-stream' },
  });
}

function problem(status: number, code: string, detail: string): Response {
  const body: Problem = { type: 'about:blank', title: code, status, detail, code, retryable: false };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
