import type { WorkKind } from '@flotilla/model';
import type { Store } from '../store.ts';

/** How many keys of one kind and one project are due. */
export interface WaitingProject {
  readonly kind: WorkKind;
  readonly project: string;
  readonly waiting: number;
}

/** A metric has room for so many projects; those with less to do are added up. */
const projectsMax = 20;
const others = '(others)';

/** What is due of these kinds, for each of the projects that wait for the most, and for all others together. */
export function waitingWork(store: Store, kinds: readonly WorkKind[]): Promise<WaitingProject[]> {
  return store.query<WaitingProject>(
    `WITH due AS (
       SELECT kind, project, count(*)::int AS waiting, row_number() OVER (PARTITION BY kind ORDER BY count(*) DESC) AS place
       FROM work WHERE kind = ANY($1) AND due_at <= now() AND coalesce(claimed_until < now(), true) GROUP BY kind, project)
     SELECT kind, CASE WHEN place <= ${projectsMax} THEN project ELSE '${others}' END AS project, sum(waiting)::int AS waiting
     FROM due GROUP BY 1, 2 ORDER BY 1, 3 DESC, 2`,
    [kinds],
  );
}
