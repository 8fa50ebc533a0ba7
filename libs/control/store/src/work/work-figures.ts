import type { WorkKind } from '@flotilla/model';
import type { Store } from '../store.ts';

/** How much work of one kind there is, and how it fares. */
export interface WorkFigures {
  readonly kind: WorkKind;
  /** Due, and nobody looks at it yet. */
  readonly due: number;
  readonly taken: number;
  readonly oldestDueSeconds: number;
  /** The last look failed, and it comes back by itself. */
  readonly failing: number;
  /** Failed, and waits for a person or a new mark. */
  readonly dead: number;
}

/** The work table in numbers. Kinds of which there is nothing are there as well, with zeros. */
export function workFigures(store: Store, kinds: readonly WorkKind[]): Promise<WorkFigures[]> {
  return store.query<WorkFigures>(
    `SELECT kind, count(*) FILTER (WHERE due)::int AS due, count(*) FILTER (WHERE taken)::int AS taken,
       coalesce(max(extract(epoch FROM now() - due_at)) FILTER (WHERE due), 0)::float8 AS "oldestDueSeconds",
       count(*) FILTER (WHERE error IS NOT NULL AND due_at < 'infinity')::int AS failing,
       count(*) FILTER (WHERE error IS NOT NULL AND due_at = 'infinity')::int AS dead
     FROM unnest($1::text[]) AS kind LEFT JOIN LATERAL (
       SELECT error, due_at, claimed_until > now() AS taken,
         due_at <= now() AND coalesce(claimed_until < now(), true) AS due
       FROM work WHERE work.kind = kind.kind) work ON true
     GROUP BY kind ORDER BY kind`,
    [kinds],
  );
}
