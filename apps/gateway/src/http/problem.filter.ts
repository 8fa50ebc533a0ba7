import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Fault } from '@flotilla/foundation';
import { currentTraceparent, type Logger } from '@flotilla/platform-telemetry';
import { faultOf } from './fault-of.ts';
import { problemOf } from './problem-of.ts';
import type { GuardedRequest } from './serves.ts';

/** Turns whatever was thrown into one `application/problem+json`. What was a surprise is logged and not told. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<GuardedRequest>();
    const response = host.switchToHttp().getResponse<Response>();
    const fault = faultOf(thrown);
    const traceId = currentTraceparent()?.split('-')[1];
    if (fault.code === 'internal') {
      const requestId = response.getHeader('X-Request-Id');
      this.#logger.error({ error: fault.stack, url: request.path, requestId, traceId }, 'a request failed');
    }
    if (response.headersSent) return void response.end();
    const problem = problemOf(fault, { instance: request.path, ...(traceId && { traceId }) });
    if (fault.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
    if (problem.retryable) response.setHeader('Retry-After', String(waitSeconds(fault)));
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function waitSeconds({ consequence }: Fault): number {
  return consequence.kind === 'retry' && consequence.afterMs ? Math.ceil(consequence.afterMs / 1_000) : 2;
}
