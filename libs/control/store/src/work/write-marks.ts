import type { WorkKind } from '@flotilla/model';

/** A key that has to be looked at, now or later. */
export interface WorkMark {
  readonly kind: WorkKind;
  readonly key: string;
  readonly inMs: number;
}

interface Queries {
  query(sql: string, parameters: readonly unknown[]): Promise<unknown>;
}

/**
 * Writes marks in one order for everybody, so that two that mark the same keys cannot lock each other out. A key that
 * waits already is due no later than before.
 */
export async function writeMarks(
  queries: Queries,
  marks: readonly WorkMark[],
  traceparent: string | undefined,
): Promise<void> {
  if (marks.length === 0) return;
  const ordered = marks.toSorted((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
  await queries.query(
    `INSERT INTO work (kind, key, due_at, since, traceparent)
     SELECT kind, key, now() + make_interval(secs => in_ms / 1000.0), now(), $4
     FROM unnest($1::text[], $2::text[], $3::float8[]) AS mark (kind, key, in_ms)
     ON CONFLICT (kind, key) DO UPDATE SET version = work.version + 1, due_at = least(work.due_at, excluded.due_at),
       attempts = 0, traceparent = coalesce(excluded.traceparent, work.traceparent)`,
    [
      ordered.map(({ kind }) => kind),
      ordered.map(({ key }) => key),
      ordered.map(({ inMs }) => inMs),
      traceparent ?? null,
    ],
  );
}

function nameOf({ kind, key }: WorkMark): string {
  return `${kind}/${key}`;
}
