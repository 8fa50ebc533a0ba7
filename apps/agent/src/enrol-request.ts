import { enrolAnswerSchema, operations, problemSchema, type EnrolAnswer, type EnrolRequest } from '@flotilla/contracts';
import { Fault, toFault } from '@flotilla/foundation';

/** Brings a join token to the control plane's front door. */
export async function requestEnrolment(url: string, request: EnrolRequest): Promise<EnrolAnswer> {
  const response = await fetch(new URL(operations.enrol.path, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
    redirect: 'error',
    signal: AbortSignal.timeout(15_000),
  }).catch((error: unknown) => {
    const message = `the control plane at ${url} cannot be reached: ${toFault(error).message}`;
    throw new Fault({ code: 'unavailable', reason: 'ControlPlaneUnreachable', message, cause: error });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (response.ok) return enrolAnswerSchema.parse(body);
  const problem = problemSchema.safeParse(body);
  throw new Fault({
    code: response.status >= 500 ? 'unavailable' : 'forbidden',
    reason: problem.success ? problem.data.code : 'EnrolmentRefused',
    message: `the control plane refused to enrol this cluster: ${problem.success ? problem.data.detail : response.status}`,
  });
}
