/** The closed list of kinds of failure. Each door maps a code to its own language: an HTTP status, an exit code. */
export const faultCodes = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not-found',
  'conflict',
  'too-large',
  'too-many',
  'unavailable',
  'timeout',
  'internal',
] as const;

export type FaultCode = (typeof faultCodes)[number];

/**
 * What a failure means for whoever was trying. Steps never schedule themselves: they raise a fault that carries its
 * consequence, and one place per loop turns that into "come back when".
 *
 * - `retry`: the world may be different soon; `afterMs` when the other side named a time.
 * - `wait`: nothing to do until the named thing changes; whoever watches that thing will call again.
 * - `stall`: only a person can end this; `until` says what they have to do.
 */
export type Consequence =
  | { readonly kind: 'retry'; readonly afterMs?: number }
  | { readonly kind: 'wait'; readonly forWhat: string }
  | { readonly kind: 'stall'; readonly until: string };

/** What a fault is made of. */
export interface FaultDetails {
  readonly code: FaultCode;
  /** A stable CamelCase word for machines and tables, such as `SourcePathMissing`. */
  readonly reason: string;
  /** One sentence for a person: what failed, and the way out. */
  readonly message: string;
  /** The object it failed on, as a person would name it: `Application shop/checkout`, `deploy.yaml:3:7`. */
  readonly subject?: string;
  readonly consequence?: Consequence;
  readonly cause?: unknown;
}

/** A failure that says what failed, on which object, and what follows from it. */
export class Fault extends Error {
  readonly code: FaultCode;
  readonly reason: string;
  readonly subject: string | undefined;
  readonly consequence: Consequence;

  constructor(details: FaultDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Fault';
    this.code = details.code;
    this.reason = details.reason;
    this.subject = details.subject;
    this.consequence = details.consequence ?? consequenceOf(details.code);
  }
}

/** Turns anything that was thrown into a fault, so that handlers deal with one shape. A fault comes back unchanged. */
export function toFault(thrown: unknown, subject?: string): Fault {
  if (thrown instanceof Fault) return thrown;
  const message = messageOf(thrown);
  return new Fault({ code: 'internal', reason: 'Unexpected', message, cause: thrown, ...(subject && { subject }) });
}

/** Whatever was thrown: errors, objects that only look like one (they crossed a wire), or anything at all. */
function messageOf(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown);
  const { message } = thrown as { readonly message?: unknown };
  return typeof message === 'string' ? message : 'something without a message was thrown';
}

/** Asserts what cannot be otherwise; a failure here is a defect of ours, never of the input. */
export function assertThat(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(`broken assumption: ${what}`);
}

const passing = new Set<FaultCode>(['conflict', 'too-many', 'unavailable', 'timeout', 'internal']);

function consequenceOf(code: FaultCode): Consequence {
  return passing.has(code) ? { kind: 'retry' } : { kind: 'stall', until: 'the input is corrected' };
}
