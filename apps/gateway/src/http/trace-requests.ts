import { once } from 'node:events';
import type { NextFunction, Response } from 'express';
import { currentTraceparent, histogram, inSpan, metricList } from '@flotilla/platform-telemetry';
import type { GuardedRequest } from './serves.ts';

const took = histogram(metricList.httpDuration);

/** An id that a caller may choose: short, and nothing that could break out of a log line. */
const requestIdPattern = /^[\w.:-]{1,64}$/;

/**
 * Goes on in the caller's trace, or begins one, and names both trace and request in every answer, refusals included.
 * Measures by the route of the contract, never by the path that was asked for: strangers choose paths.
 */
export function traceRequests(request: GuardedRequest, response: Response, next: NextFunction): void {
  const { traceparent, 'x-request-id': requestId } = request.headers as Record<string, string | undefined>;
  const begun = performance.now();
  void inSpan(request.method, { kind: 'server', traceparent }, async (span) => {
    nameIn(response, requestId);
    const closed = once(response, 'close');
    next();
    await closed;
    const { method, path, stream } = request.operation ?? { method: request.method, path: 'unknown' };
    span.updateName(`${method} ${path}`).setAttributes({ 'http.route': path, 'http.status': response.statusCode });
    const operation = request.operation ? `${method} ${path}` : 'unknown';
    // A stream has no duration that would say anything.
    if (!stream) took((performance.now() - begun) / 1_000, { operation, status: statusClass(response) });
  });
}

function nameIn(response: Response, requestId: string | undefined): void {
  const traceparent = currentTraceparent();
  if (traceparent) response.setHeader('traceparent', traceparent);
  const id = requestId && requestIdPattern.test(requestId) ? requestId : traceparent?.split('-')[1];
  if (id) response.setHeader('X-Request-Id', id);
}

/** Whoever left before the answer got none. */
function statusClass({ statusCode, writableFinished }: Response) {
  if (!writableFinished) return 'none';
  if (statusCode >= 500) return '5xx';
  if (statusCode >= 400) return '4xx';
  return statusCode >= 300 ? '3xx' : '2xx';
}
