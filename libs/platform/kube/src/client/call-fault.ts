import { Fault, toFault } from '@flotilla/foundation';
import type { Call } from './answer.ts';

export function tooLate(timeoutMs: number): Fault {
  const message = `the API server did not answer within ${timeoutMs / 1000} s`;
  return new Fault({ code: 'timeout', reason: 'ApiServerSilent', message });
}

export function stopped({ verb, subject }: Call): Fault {
  const message = `${verb} ${subject}: stopped before the answer came`;
  return new Fault({ code: 'unavailable', reason: 'Stopped', message, subject });
}

/**
 * Gives a failure of the connection the words of its call. What is no fault comes from a transport that does not
 * know ours; then the connection is what failed.
 */
export function inWordsOf({ verb, subject }: Call, thrown: unknown): Fault {
  const cause = toFault(thrown);
  const unknown = !(thrown instanceof Fault);
  return new Fault({
    code: unknown ? 'unavailable' : cause.code,
    reason: unknown ? 'ApiServerUnreachable' : cause.reason,
    message: `${verb} ${subject}: ${cause.message}`,
    subject,
    consequence: unknown ? { kind: 'retry' } : cause.consequence,
    cause: thrown,
  });
}
