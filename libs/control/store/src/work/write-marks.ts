import type { WorkKind } from '@flotilla/model';
import { setAsideMs } from './work-table.port.ts';

/** A key that has to be looked at, now or later. */
export interface WorkMark {
  readonly kind: WorkKind;
  readonly key: string;
  readonly inMs: number;
}

interface Queries {
  query(sql: string, parameters: readonly unknown[]): Promise<unknown>;
}

/** Whose the work is, by what its key names: projects take turns. */
const projects: Readonly<Record<WorkKind, string>> = {
  repository: 'SELECT project FROM document WHERE uid = mark.key',
  repair: 'SELECT project FROM repair WHERE uid = mark.key',
  plan: `SELECT project FROM document WHERE uid = mark.key
         UNION ALL SELECT project FROM target WHERE application = mark.key LIMIT 1`,
  set: 'SELECT project FROM cluster WHERE uid = mark.key',
  rollout: 'SELECT project FROM rollout WHERE uid = mark.key',
  rollback: 'SELECT project FROM rollout WHERE uid = mark.key',
  freeze: 'SELECT project FROM document WHERE uid = mark.key',
  gate: `SELECT project FROM gate_question WHERE uid = mark.key
         UNION ALL SELECT project FROM wave_question WHERE uid = mark.key`,
  record: 'SELECT project FROM stage_record WHERE uid = mark.key',
  notify: 'SELECT project FROM document WHERE uid = mark.key',
  upgrade: 'SELECT project FROM agent_upgrade WHERE uid = mark.key',
  count: `SELECT split_part(mark.key, '/', 1)`,
};
const cases = Object.entries(projects).map(([kind, select]) => `WHEN '${kind}' THEN (${select})`);

/** Only new rows are asked whose they are: no key changes hands. */
const projectOf = `coalesce(CASE mark.kind ${cases.join(' ')} END, '')`;

/** What keeps taking its process with it is not brought back by every word that is said of it. */
const dueAgain = `CASE WHEN work.crashes = 0 THEN excluded.due_at
  ELSE greatest(excluded.due_at, now() + interval '${setAsideMs} milliseconds') END`;

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
    `INSERT INTO work (kind, key, project, due_at, since, traceparent)
     SELECT kind, key, ${projectOf}, now() + make_interval(secs => in_ms / 1000.0), now(), $4
     FROM unnest($1::text[], $2::text[], $3::float8[]) AS mark (kind, key, in_ms)
     ON CONFLICT (kind, key) DO UPDATE SET version = work.version + 1, due_at = least(work.due_at, ${dueAgain}),
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
