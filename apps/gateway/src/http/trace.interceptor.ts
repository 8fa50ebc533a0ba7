import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Response } from 'express';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { currentTraceparent, inSpan, timer } from '@flotilla/platform-telemetry';
import { operationOf, type GuardedRequest } from './serves.ts';

const took = timer('flotilla_http_request_duration', 'How long API requests take');

/** Goes on in the caller's trace, names it in the answer, and measures the route. Streams have no end to measure. */
export class TraceInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const operation = operationOf(context);
    if (!operation || operation.stream) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<GuardedRequest>();
    const name = `${operation.method} ${operation.path}`;
    const traceparent = request.headers.traceparent as string | undefined;
    return from(
      inSpan(name, { kind: 'server', traceparent, attributes: { 'http.route': operation.path } }, async () => {
        const begun = performance.now();
        http.getResponse<Response>().setHeader('traceparent', currentTraceparent() ?? '');
        try {
          return await lastValueFrom(next.handle() as Observable<unknown>, { defaultValue: undefined });
        } finally {
          took(performance.now() - begun, { route: operation.path, method: operation.method });
        }
      }),
    );
  }
}
