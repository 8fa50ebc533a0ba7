import { Fault, shortened, type Consequence, type FaultCode } from '@flotilla/foundation';
import { retryAfterMs, type Answer, type Call } from './answer.ts';
import { isPathMissing, readStatus, type KubeStatus } from './kube-status.ts';

/** Turns a refusal of the API server into a fault that says on what, why, and what follows from it. */
export function faultOf(call: Call, answer: Pick<Answer, 'status' | 'headers' | 'text'>): Fault {
  const status = readStatus(answer.text);
  const message = status.message ?? '';
  const rule = rules.find(({ when }) => when(answer.status, message, status)) ?? otherwise;
  const { code, reason } = rule;
  const afterMs = retryAfterMs(answer.headers);
  return new Fault({
    code,
    reason,
    message: `${call.verb} ${call.subject}: ${shortened(wordsOf(call, status, answer.status), 2_000)}`,
    subject: call.subject,
    consequence: rule.consequence ?? { kind: 'retry', ...(afterMs !== undefined && { afterMs }) },
  });
}

interface Rule {
  readonly when: (httpStatus: number, message: string, status: KubeStatus) => boolean;
  readonly code: FaultCode;
  readonly reason: string;
  /** Trying again when absent. */
  readonly consequence?: Consequence;
}

function stalled(until: string): Consequence {
  return { kind: 'stall', until };
}

const unreadableObject =
  /^failed to (create typed patch object|convert new object)|strict decoding error|error decoding from json/;

/** The words in which built-in kinds, and most authors of custom ones, say that a field is set once and for all. */
const fixedField = /immutable|may not (be changed|change)|cannot (be changed|change)|updates to .* (are )?forbidden/i;

/** The first rule that matches decides, so the particular ones stand before the general ones. */
const rules: readonly Rule[] = [
  {
    // Webhooks choose their status freely, and some choose 200's neighbours.
    when: (_, message) =>
      /admission webhook ".*" denied the request|ValidatingAdmissionPolicy .* denied request/.test(message),
    code: 'forbidden',
    reason: 'AdmissionDenied',
    consequence: stalled('the object or the admission policy changes'),
  },
  {
    when: (_, message) => /failed calling webhook|conversion webhook for .* failed/.test(message),
    code: 'unavailable',
    reason: 'WebhookFailed',
  },
  {
    // Whoever names a uid means one object, and another one has its name by now.
    when: (http, _, { details }) =>
      http === 422 && Boolean(details?.causes?.some(({ field }) => field === 'metadata.uid')),
    code: 'conflict',
    reason: 'ObjectChanged',
  },
  {
    // Such a webhook may be asked for real, so nothing is known of the object yet.
    when: (http, message) => http === 400 && /does not support dry run/.test(message),
    code: 'unavailable',
    reason: 'DryRunUnsupported',
  },
  {
    when: (http, message) => http === 422 && fixedField.test(message),
    code: 'invalid',
    reason: 'FieldImmutable',
    consequence: stalled('the object is corrected, or may be made again'),
  },
  {
    // A server-side apply that does not fit the schema comes back as 500 without a reason.
    when: (http, message) => http === 422 || http === 400 || (http === 500 && unreadableObject.test(message)),
    code: 'invalid',
    reason: 'ObjectInvalid',
    consequence: stalled('the object is corrected'),
  },
  { when: (http) => http === 401, code: 'unauthenticated', reason: 'Unauthenticated', consequence: { kind: 'retry' } },
  {
    when: (http, _, { details }) =>
      http === 403 && Boolean(details?.causes?.some(({ reason }) => reason === 'NamespaceTerminating')),
    code: 'conflict',
    reason: 'NamespaceTerminating',
  },
  {
    when: (http, message) => http === 403 && /exceeded quota|quota/.test(message),
    code: 'too-many',
    reason: 'QuotaExceeded',
  },
  {
    when: (http, message) => http === 403 && /not yet ready to handle request/.test(message),
    code: 'unavailable',
    reason: 'ApiServerUnavailable',
  },
  {
    when: (http, message) => http === 403 && /\bcannot \w+ |attempting to grant/.test(message),
    code: 'forbidden',
    reason: 'Forbidden',
    consequence: stalled('a role in the cluster allows it'),
  },
  {
    when: (http) => http === 403,
    code: 'forbidden',
    reason: 'AdmissionDenied',
    consequence: stalled('the object or the admission policy changes'),
  },
  {
    when: (http, _, { details }) => http === 404 && details?.kind === 'namespaces',
    code: 'not-found',
    reason: 'NamespaceMissing',
    consequence: { kind: 'retry' },
  },
  {
    when: (http, _, status) => http === 404 && isPathMissing(status),
    code: 'not-found',
    reason: 'KindUnknown',
    consequence: { kind: 'wait', forWhat: 'the API server to serve this kind' },
  },
  { when: (http) => http === 404, code: 'not-found', reason: 'ObjectMissing', consequence: { kind: 'retry' } },
  {
    when: (http) => http === 405,
    code: 'invalid',
    reason: 'VerbNotServed',
    consequence: stalled('the kind allows it'),
  },
  {
    when: (http, message) => http === 409 && /being deleted/.test(message),
    code: 'conflict',
    reason: 'ObjectTerminating',
  },
  {
    when: (http, _, { reason }) => http === 409 && reason === 'AlreadyExists',
    code: 'conflict',
    reason: 'ObjectExists',
  },
  { when: (http) => http === 409, code: 'conflict', reason: 'ObjectChanged' },
  { when: (http) => http === 410, code: 'conflict', reason: 'ResourceExpired' },
  {
    when: (http, message) => http === 413 || /request is too large|Request entity too large/.test(message),
    code: 'too-large',
    reason: 'ObjectTooLarge',
    consequence: stalled('the object is made smaller'),
  },
  { when: (http) => http === 429, code: 'too-many', reason: 'TooManyRequests' },
  { when: (http) => http === 503 || http === 502, code: 'unavailable', reason: 'ApiServerUnavailable' },
  { when: (http) => http === 504, code: 'timeout', reason: 'ApiServerSilent' },
];

const otherwise: Rule = { when: () => true, code: 'internal', reason: 'ApiServerFailed' };

function wordsOf({ secret }: Call, { message, reason, details }: KubeStatus, httpStatus: number): string {
  if (!secret) return message || reason || `the API server answered ${httpStatus}`;
  // The server quotes the value that it refuses.
  const fields = details?.causes?.flatMap(({ field }) => field ?? []) ?? [];
  const where = fields.length > 0 ? ` at ${fields.join(', ')}` : '';
  return (
    `the API server answered ${httpStatus} ${reason ?? ''}`.trimEnd() +
    `${where}; its words are kept back because they may quote secret values`
  );
}
