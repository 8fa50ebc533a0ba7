import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Response } from 'express';
import type { Problem } from '@flotilla/contracts';
import { Fault, toFault, type FaultCode } from '@flotilla/foundation';
import { currentTraceparent, type Logger } from '@flotilla/platform-telemetry';
import { InvalidRequest } from './invalid-request.ts';
import type { GuardedRequest } from './serves.ts';

const statuses: Readonly<Record<FaultCode, number>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-large': 413,
  'too-many': 429,
  unavailable: 503,
  timeout: 504,
  internal: 500,
};

const titles: Readonly<Record<FaultCode, string>> = {
  invalid: 'The request cannot be carried out as it is',
  unauthenticated: 'Say who you are',
  forbidden: 'Not allowed',
  'not-found': 'Not found',
  conflict: 'In conflict with what is there',
  'too-large': 'Too large',
  'too-many': 'Too many requests',
  unavailable: 'Not available right now',
  timeout: 'No answer in time',
  internal: 'Something went wrong on our side',
};

const passing = new Set<FaultCode>(['too-many', 'unavailable', 'timeout', 'internal']);

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
    if (fault.code === 'internal')
      this.#logger.error({ error: fault.stack, url: request.path, traceId }, 'a request failed');
    if (response.headersSent) return void response.end();
    if (fault.code === 'unauthenticated') response.setHeader('WWW-Authenticate', 'Bearer');
    if (passing.has(fault.code)) response.setHeader('Retry-After', '2');
    const problem = problemOf(fault, { instance: request.path, ...(traceId && { traceId }) });
    response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}

function problemOf(fault: Fault, place: { instance: string; traceId?: string }): Problem {
  const surprise = fault.code === 'internal';
  return {
    type: `https://flotilla.dev/problems/${fault.reason}`,
    title: titles[fault.code],
    status: statuses[fault.code],
    detail: surprise ? 'the log of the gateway has the details, under this trace' : fault.message,
    ...place,
    code: surprise ? 'Internal' : fault.reason,
    ...(fault instanceof InvalidRequest && { errors: [...fault.items] }),
    retryable: passing.has(fault.code),
  };
}

/** Nest throws exceptions of its own for unknown routes and bodies that are not JSON. */
function faultOf(thrown: unknown): Fault {
  if (isDatabaseAway(thrown)) {
    const message = 'the database does not answer right now; nothing was changed';
    return new Fault({ code: 'unavailable', reason: 'DatabaseAway', message, cause: thrown });
  }
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { status?: unknown } | null)?.status;
  const code = (Object.keys(statuses) as FaultCode[]).find((candidate) => statuses[candidate] === status);
  if (thrown instanceof Fault || typeof status !== 'number') return toFault(thrown);
  const message = thrown instanceof Error ? thrown.message : 'not understood';
  return new Fault({ code: code ?? (status < 500 ? 'invalid' : 'internal'), reason: 'RequestRefused', message });
}

/** Connection refused, cut or timed out: SQLSTATE classes 08 and 57, and what Node says of sockets. */
function isDatabaseAway(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return /^(08|57P|53300|ECONN|EPIPE|ETIMEDOUT)/.test(code);
  return (
    thrown instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(thrown.message)
  );
}
