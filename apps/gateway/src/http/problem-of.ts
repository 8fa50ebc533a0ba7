import type { Problem } from '@flotilla/contracts';
import type { Fault, FaultCode } from '@flotilla/foundation';
import { InvalidRequest } from './invalid-request.ts';

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

/** A fault in the language of HTTP. What was a surprise is not told: the log has it, under the same trace. */
export function problemOf(
  fault: Fault,
  place: { readonly instance?: string; readonly traceId?: string } = {},
): Problem {
  const surprise = fault.code === 'internal';
  return {
    type: `https://flotilla.dev/problems/${surprise ? 'Internal' : fault.reason}`,
    title: titles[fault.code],
    status: statuses[fault.code],
    detail: surprise ? 'the log of the gateway has the details, under this trace' : fault.message,
    ...place,
    code: surprise ? 'Internal' : fault.reason,
    ...(fault instanceof InvalidRequest && { errors: [...fault.items] }),
    retryable: passing.has(fault.code),
  };
}

/** The kind of fault that a status of somebody else's exception stands for. */
export function codeOfStatus(status: number): FaultCode {
  const codes = Object.keys(statuses) as FaultCode[];
  return codes.find((code) => statuses[code] === status) ?? (status < 500 ? 'invalid' : 'internal');
}
