/**
 * The result of something that may fail in an expected way. Surprises are thrown; expected failures are values, so
 * that the caller has to look at them.
 */
export type Outcome<Value, Reason> = Done<Value> | Refused<Reason>;

/** It worked, and this came of it. */
export interface Done<Value> {
  readonly ok: true;
  readonly value: Value;
}

/** It did not, as may happen; the reason says which way. */
export interface Refused<Reason> {
  readonly ok: false;
  readonly reason: Reason;
}

/** The outcome of something that worked. */
export function done<Value>(value: Value): Done<Value> {
  return { ok: true, value };
}

/** The outcome of something that failed as expected. */
export function refused<Reason>(reason: Reason): Refused<Reason> {
  return { ok: false, reason };
}
