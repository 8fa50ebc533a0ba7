import { operations, type ClusterView, type Operation, type Problem } from '@flotilla/contracts';
import { sampleDiff } from '@flotilla/contracts/testing';
import { done, refused, type Clock, type Outcome } from '@flotilla/foundation';
import type { LiveKind } from '../live/live-state.ts';
import { deadLetterOf, documentOf, mockProject } from './factories.ts';
import type { MockFleet } from './mock-fleet.ts';
import { mockStream, type MockLines } from './mock-stream.ts';
import { storyOf } from './story-factory.ts';

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
    if (matches(operations.stream, pathname)) return streamed(options, searchParams, request.signal);
    const answer = answerTo(pathname, options);
    return answer.ok ? Response.json(answer.value) : problem(404, 'Missing', answer.reason);
  };
}

function answerTo(pathname: string, { fleet, clock }: MockFetchOptions): Outcome<unknown, string> {
  if (matches(operations.listProjects, pathname)) return done({ items: [documentOf('Project', mockProject, {})] });
  if (matches(operations.listClusters, pathname))
    return done({ items: [...fleet.kept.cluster.values()] satisfies ClusterView[] });
  if (pathname.endsWith('/freezes'))
    return done({ items: [...fleet.kept.document.values()].filter(({ kind }) => kind === 'Freeze') });
  if (matches(operations.listDeadLetters, pathname)) return done({ items: [deadLetterOf(clock.now())] });
  if (matches(operations.diffTarget, pathname)) return done({ objects: sampleDiff });
  if (matches(operations.getTarget, pathname)) {
    const uid = decodeURIComponent(pathname.split('/').at(-1)!);
    const target = fleet.kept.target.get(uid);
    return target ? done(storyOf(target, clock.now())) : refused(`there is no Target ${uid} in ${mockProject}`);
  }
  return refused(`the mock fleet does not answer ${pathname}`);
}

function streamed({ fleet, lines }: MockFetchOptions, query: URLSearchParams, signal: AbortSignal): Response {
  const kinds = (query.get('kinds') ?? '').split(',') as LiveKind[];
  return new Response(mockStream({ fleet, lines, kinds, signal }), {
    headers: { 'content-type': 'text/event-stream' },
  });
}

function matches({ path }: Operation, pathname: string): boolean {
  return new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(pathname);
}

function problem(status: number, code: string, detail: string): Response {
  const body: Problem = { type: 'about:blank', title: code, status, detail, code, retryable: false };
  return Response.json(body, { status, headers: { 'content-type': 'application/problem+json' } });
}
