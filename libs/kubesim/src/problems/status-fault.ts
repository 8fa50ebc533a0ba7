import { Fault, type FaultCode } from '@flotilla/foundation';
import type { JsonObject } from '../schema/schema-type.ts';
import type { FieldProblem } from './field-problem.ts';

/** A resource as messages name it, such as `deployments.apps`. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

export interface StatusCause {
  readonly reason?: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  readonly name?: string;
  readonly group?: string;
  readonly kind?: string;
  readonly uid?: string;
  readonly causes?: readonly StatusCause[];
  readonly retryAfterSeconds?: number;
}

interface FaultContent {
  readonly code: number;
  readonly message: string;
  readonly reason?: string;
  readonly details?: StatusDetails;
}

/** A refusal as the API server words it: its `status` is the body of the answer. */
export class StatusFault extends Fault {
  readonly httpStatus: number;
  readonly status: JsonObject;

  constructor({ code, message, reason, details }: FaultContent) {
    super({ code: faultCodeOf(code), reason: reason || 'InternalError', message });
    this.httpStatus = code;
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message,
      ...(reason && { reason }),
      ...(details && { details: withoutEmpty(details) }),
      code,
    };
  }
}

export function qualifiedName({ group, plural }: GroupResource): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function notFound(resource: GroupResource, name: string): StatusFault {
  const message = `${qualifiedName(resource)} "${name}" not found`;
  return new StatusFault({ code: 404, reason: 'NotFound', message, details: detailsOf(resource, name) });
}

export function noSuchResource(): StatusFault {
  const message = 'the server could not find the requested resource';
  return new StatusFault({ code: 404, reason: 'NotFound', message, details: {} });
}

export function alreadyExists(resource: GroupResource, name: string, prefix = ''): StatusFault {
  const message = `${prefix}${qualifiedName(resource)} "${name}" already exists`;
  return new StatusFault({ code: 409, reason: 'AlreadyExists', message, details: detailsOf(resource, name) });
}

export function conflict(resource: GroupResource, name: string, why: string): StatusFault {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": ${why}`;
  return new StatusFault({ code: 409, reason: 'Conflict', message, details: detailsOf(resource, name) });
}

/** The answer to whoever wrote an older version of the object. */
export function modified(resource: GroupResource, name: string): StatusFault {
  const why = 'the object has been modified; please apply your changes to the latest version and try again';
  return conflict(resource, name, why);
}

export function invalid(
  { group, kind }: { readonly group: string; readonly kind: string },
  name: string,
  problems: readonly FieldProblem[],
): StatusFault {
  const lines = problems.map(({ field, message }) => `${field}: ${message}`);
  const text = lines.length === 1 ? lines[0]! : `[${[...new Set(lines)].join(', ')}]`;
  const message = `${group === '' ? kind : `${kind}.${group}`} "${name}" is invalid: ${text}`;
  const causes = problems.map(({ reason, field, message: why }) => ({ reason, message: why, field }));
  return new StatusFault({ code: 422, reason: 'Invalid', message, details: { name, group, kind, causes } });
}

/** Options of a request that are wrong are answered like an invalid object. */
export function invalidOptions(kind: string, problems: readonly FieldProblem[]): StatusFault {
  return invalid({ group: 'meta.k8s.io', kind }, '', problems);
}

export function badRequest(message: string): StatusFault {
  return new StatusFault({ code: 400, reason: 'BadRequest', message });
}

export function forbidden(resource: GroupResource, name: string, why: string): StatusFault {
  const subject = name === '' ? qualifiedName(resource) : `${qualifiedName(resource)} "${name}"`;
  const message = `${subject} is forbidden: ${why}`;
  return new StatusFault({ code: 403, reason: 'Forbidden', message, details: detailsOf(resource, name) });
}

export function methodNotAllowed(): StatusFault {
  const message = 'the server does not allow this method on the requested resource';
  return new StatusFault({ code: 405, reason: 'MethodNotAllowed', message, details: {} });
}

export function unsupportedMediaType(message: string, details?: StatusDetails): StatusFault {
  return new StatusFault({ code: 415, reason: 'UnsupportedMediaType', message, ...(details && { details }) });
}

/** A revision that is no longer kept: lists and watches have to begin anew. */
export function expired(message: string): StatusFault {
  return new StatusFault({ code: 410, reason: 'Expired', message });
}

/** What the server did not expect; it names no reason then. */
export function internalError(message: string): StatusFault {
  return new StatusFault({ code: 500, message });
}

/** A failure of the server that it does name. */
export function internalServerError(why: string): StatusFault {
  const details = { causes: [{ message: why }] };
  return new StatusFault({ code: 500, reason: 'InternalError', message: `Internal error occurred: ${why}`, details });
}

function detailsOf({ group, plural }: GroupResource, name: string): StatusDetails {
  return { name, group, kind: plural };
}

function withoutEmpty(details: StatusDetails): JsonObject {
  const kept = Object.entries(details).filter(([, value]) => value !== '' && value !== undefined);
  return Object.fromEntries(kept);
}

const faultCodes: Readonly<Record<number, FaultCode>> = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not-found',
  409: 'conflict',
  410: 'conflict',
  413: 'too-large',
  429: 'too-many',
  503: 'unavailable',
  504: 'timeout',
};

function faultCodeOf(httpStatus: number): FaultCode {
  return faultCodes[httpStatus] ?? (httpStatus >= 500 ? 'internal' : 'invalid');
}
