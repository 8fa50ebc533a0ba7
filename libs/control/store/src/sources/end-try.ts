import type { WorkKind } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';

/** A table of what a plan, or a look at a rollout, wants of somebody outside: a row is tried again and again until it has its end. */
export interface TriedTable {
  readonly name: 'gate_question' | 'wave_question' | 'stage_record';
  /** What is looked at again when a try ended, and the column that names it. */
  readonly wakes: { readonly kind: WorkKind; readonly by: 'application' | 'rollout' };
  /** Over its rows: whether the row still waits for its end. */
  readonly isOpen: string;
  /** The column that this table alone keeps of an end, as SQL that sets it from `$5`. */
  readonly keeps: string;
}

/** A row as it was read for one try; `tries` tells this one from those before and after it. */
export interface Tried {
  readonly uid: string;
  readonly tries: number;
}

/** How one try ended. */
export interface TryEnd {
  readonly state: string;
  readonly reason: string | null;
  /** In how long to try again; null where it has its end. */
  readonly againInMs: number | null;
  /** What the table alone keeps of it. */
  readonly kept: unknown;
}

/**
 * Notes how one try ended, and has looked again at whatever waits for it; says whether that is news. A try that another one took over
 * from, or that nobody wants to know of any more, changes nothing.
 */
export async function endTry(
  transaction: Transaction,
  { name, wakes, isOpen, keeps }: TriedTable,
  { tried, end: { state, reason, againInMs, kept } }: { readonly tried: Tried; readonly end: TryEnd },
): Promise<boolean> {
  const [before] = await transaction.query<{ state: string; key: string }>(
    `SELECT state, ${wakes.by} AS key FROM ${name} WHERE uid = $1 AND tries = $2 AND ${isOpen} FOR UPDATE`,
    [tried.uid, tried.tries],
  );
  if (!before) return false;
  await transaction.query(
    `UPDATE ${name} SET since = CASE WHEN state = $2 THEN since ELSE now() END, state = $2, reason = $3,
       tries = tries + 1, failures = CASE WHEN $2 = 'Failing' THEN failures + 1 ELSE 0 END,
       next_try = now() + make_interval(secs => $4::float8 / 1000), ${keeps}
     WHERE uid = $1`,
    [tried.uid, state, reason, againInMs, kept],
  );
  transaction.mark(wakes.kind, [before.key]);
  return before.state !== state;
}
