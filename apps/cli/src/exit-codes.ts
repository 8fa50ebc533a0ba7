import type { FaultCode } from '@flotilla/foundation';

/** What this program's exit codes mean: scripts rely on them. */
export const exitCodes = {
  ok: 0,
  /** It failed; of `plan`, `diff`, `health` and `validate`: there is something to look at. */
  failure: 1,
  /** It cannot be done as it was asked. */
  usage: 2,
  timeout: 3,
  /** No token, a wrong one, or one that may not. */
  auth: 4,
  notFound: 5,
  conflict: 6,
  interrupted: 130,
} as const;

const byFault: Readonly<Record<FaultCode, number>> = {
  invalid: exitCodes.usage,
  'too-large': exitCodes.usage,
  unauthenticated: exitCodes.auth,
  forbidden: exitCodes.auth,
  'not-found': exitCodes.notFound,
  conflict: exitCodes.conflict,
  timeout: exitCodes.timeout,
  'too-many': exitCodes.failure,
  unavailable: exitCodes.failure,
  internal: exitCodes.failure,
};

export function exitCodeOf(code: FaultCode): number {
  return byFault[code];
}
