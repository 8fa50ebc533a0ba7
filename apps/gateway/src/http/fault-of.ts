import { Fault, toFault } from '@flotilla/foundation';
import { codeOfStatus } from './problem-of.ts';

/** Anything that was thrown while a request was served, as a fault with a stable reason. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
  if (isDatabaseAway(thrown)) {
    const message = 'the database does not answer right now; nothing was changed';
    return new Fault({ code: 'unavailable', reason: 'DatabaseAway', message, cause: thrown });
  }
  const { status, type, message } = (thrown ?? {}) as Partial<Refusal>;
  if (typeof status !== 'number' || typeof message !== 'string') return toFault(thrown);
  const reason = refusals[type ?? ''] ?? refusals[status] ?? 'RequestMalformed';
  const text = reason === 'BodyNotJson' ? `the body is not JSON: ${message}` : message;
  return new Fault({ code: codeOfStatus(status), reason, message: text, cause: thrown });
}

/** What Nest and Express throw of their own: for routes that nobody serves, and for bodies that cannot be read. */
interface Refusal {
  readonly status: number;
  readonly message: string;
  /** How Express's parsers name what went wrong. */
  readonly type: string;
}

const refusals: Readonly<Record<string, string>> = {
  'entity.parse.failed': 'BodyNotJson',
  'request.aborted': 'RequestAborted',
  404: 'RouteUnknown',
  413: 'BodyTooLarge',
};

/** Connection refused, cut or timed out: SQLSTATE classes 08 and 57, and what Node says of sockets. */
function isDatabaseAway(thrown: unknown): boolean {
  const { code } = (thrown ?? {}) as { readonly code?: unknown };
  if (typeof code === 'string') return /^(08|57P|53300|ECONN|EPIPE|ETIMEDOUT)/.test(code);
  return (
    thrown instanceof Error && /Connection terminated|timeout exceeded when trying to connect/.test(thrown.message)
  );
}
