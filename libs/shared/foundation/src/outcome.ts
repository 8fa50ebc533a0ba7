/**
 * The result of something that may fail in an expected way. Surprises are thrown; expected failures are values, so
 * that the caller has to look at them.
 */
export type Outcome<Value, Reason> = Done<Value> | Refused<Reason>;

export interface Done<Value> {
  readonly ok: true;
  readonly value: Value;
}

export interface Refused<Reason> {
  readonly ok: false;
  readonly reason: Reason;
}

export function done<Value>(value: Value): Done<Value> {
  return { ok: true, value };
}

export function refused<Reason>(reason: Reason): Refused<Reason> {
  return { ok: false, reason };
}
