import type { z } from 'zod';
import {
  operations,
  problemSchema,
  type EnrolAnswer,
  type EnrolRequest,
  type Operation,
  type RenewAnswer,
  type RenewRequest,
} from '@flotilla/contracts';
import { Fault, toFault } from '@flotilla/foundation';

/** Brings a join token to the control plane's front door. */
export function requestEnrolment(url: string, request: EnrolRequest): Promise<EnrolAnswer> {
  return knock(url, operations.enrol, request);
}

/** Asks for another identity where a key on record is proof enough. */
export function requestRenewal(url: string, request: RenewRequest): Promise<RenewAnswer> {
  return knock(url, operations.renew, request);
}

async function knock<Response extends z.ZodType>(
  url: string,
  operation: Operation<z.ZodType, z.ZodType, z.ZodType, Response>,
  request: object,
): Promise<z.output<Response>> {
  const response = await fetch(new URL(operation.path, url), {
    method: operation.method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    const message = `the control plane at ${url} cannot be reached: ${toFault(error).message}`;
    throw new Fault({ code: 'unavailable', reason: 'ControlPlaneUnreachable', message, cause: error });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return operation.response.parse(body);
  const problem = problemSchema.safeParse(body);
  // Too many at the door, or nobody behind it: neither is a word on who knocks.
  const isPassing = response.status >= 500 || response.status === 429;
  throw new Fault({
    code: isPassing ? 'unavailable' : 'forbidden',
    reason: problem.success ? problem.data.code : 'DoorShut',
    message: `the control plane did not let this cluster in: ${problem.success ? problem.data.detail : response.status}`,
  });
}
