import { StatusFault } from '../problems/status-fault.ts';
import type { SimResponse } from '../sim-request.ts';

/** The answer to whoever brings no token, or one that nobody has. */
export const notAuthorized: SimResponse = respond(401, 'Unauthorized', 'Unauthorized');

export const tooLarge: SimResponse = respond(
  413,
  'RequestEntityTooLarge',
  'Request entity too large: limit is 3145728',
);

/** A defect of ours: it is told, so that nobody looks for it elsewhere. */
export function unexpected(error: unknown): SimResponse {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return respond(500, 'InternalError', `kubesim failed: ${what}`);
}

function respond(code: number, reason: string, message: string): SimResponse {
  const { status } = new StatusFault({ code, reason, message });
  return { status: code, headers: { 'content-type': 'application/json' }, body: JSON.stringify(status) };
}
