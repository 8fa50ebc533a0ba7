import { Fault } from '@flotilla/foundation';

export interface BoundedFetchOptions {
  readonly fetch: typeof globalThis.fetch;
  /** The longest that an answer may take; streams have no end to wait for. */
  readonly timeoutMs: number;
  /** Ends every request. */
  readonly signal: AbortSignal;
}

/** A `fetch` that does not wait for ever, and stops when the person at the keyboard does. */
export function boundedFetch({ fetch, timeoutMs, signal }: BoundedFetchOptions): typeof globalThis.fetch {
  return async (input, init) => {
    const isStream = new Headers(init?.headers).get('accept') === 'text/event-stream';
    const deadline = isStream ? [] : [AbortSignal.timeout(timeoutMs)];
    const own = init?.signal ? [init.signal] : [];
    try {
      return await fetch(input, { ...init, signal: AbortSignal.any([signal, ...deadline, ...own]) });
    } catch (error) {
      if (deadline[0]?.aborted && !signal.aborted) throw silent(requestTitle(input, init), timeoutMs);
      throw error;
    }
  };
}

function requestTitle(input: Parameters<typeof globalThis.fetch>[0], init: RequestInit | undefined): string {
  return `${init?.method ?? 'GET'} ${input instanceof Request ? input.url : input.toString()}`;
}

function silent(request: string, timeoutMs: number): Fault {
  const message = `no answer to ${request} within ${timeoutMs / 1000} s; what it asked for may have been done all the same`;
  return new Fault({ code: 'timeout', reason: 'ServerSilent', message });
}
