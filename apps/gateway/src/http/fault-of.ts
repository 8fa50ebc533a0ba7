import { Fault, toFault } from '@flotilla/foundation';
import { codeOfStatus } from './problem-of.ts';

/** Anything that was thrown while a request was served, as a fault with a stable reason. */
export function faultOf(thrown: unknown): Fault {
  if (thrown instanceof Fault) return thrown;
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
