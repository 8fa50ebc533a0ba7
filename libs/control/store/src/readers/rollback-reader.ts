import type {
  QuarantineReading,
  RollbackPlaceReading,
  RollbackReader,
  RollbackReading,
} from '@flotilla/control-delivery';
import type { Page, PageRequest } from '@flotilla/model';
import { arrived } from '../delivery/settle-rollouts.ts';
import type { Store } from '../store.ts';
import { pageOfRows, readCursor } from './keyset.ts';

interface RollbackRow extends Omit<RollbackReading, 'by' | 'to' | 'createdAt' | 'places'> {
  readonly actor: string;
  readonly goal: string;
  readonly created_at: Date;
  readonly cursor_time: string;
  readonly places: readonly RollbackPlaceReading[] | null;
}

interface QuarantineRow {
  readonly application_name: string;
  readonly digest: string;
  readonly actor: string;
  readonly reason: string;
  readonly at: Date;
  readonly cursor_time: string;
}

/** How many targets a rollback's rollout still holds, and what became of them. */
function held(condition = ''): string {
  return `(SELECT count(*)::int FROM target LEFT JOIN target_status status ON status.target = target.uid
    WHERE target.application = rollout.application AND target.environment = rollout.environment
      AND pin ->> 'rollout' = rollout.uid AND gone_generation IS NULL ${condition})`;
}

/** Of those, the ones whose turn has come: who waits and is well has not gone back. */
function went(condition: string): string {
  return held(`AND target.release = rollout.release ${condition}`);
}

const places = `(SELECT jsonb_agg(jsonb_build_object('application', application_name, 'environment', environment,
    'revision', revision, 'rollout', rollout.uid, 'state', state, 'total', coalesce(total, ${held()}),
    'arrived', coalesce(arrived, ${went(`AND ${arrived}`)}),
    'failing', ${went(`AND status.release = target.release AND status.health = 'Degraded'`)}, 'held', ${held()})
    ORDER BY application_name, environment) FROM rollout WHERE rollout.rollback = rollback.uid)`;

/** Rollbacks and quarantine, read from PostgreSQL. */
export class StoredRollbacks implements RollbackReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async rollbacks({ project, page }: { project: string; page: PageRequest }): Promise<Page<RollbackReading>> {
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<RollbackRow>(
      `SELECT rollback.*, created_at::text AS cursor_time, ${places} AS places FROM rollback
       WHERE project = $1 AND ($2::timestamptz IS NULL OR (created_at, uid) < ($2, $3))
       ORDER BY created_at DESC, uid DESC LIMIT $4`,
      [project, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: readingOf, key: (row) => [row.cursor_time, row.uid] });
  }

  async rollback(project: string, uid: string): Promise<RollbackReading | undefined> {
    const [row] = await this.#store.query<RollbackRow>(
      `SELECT rollback.*, ${places} AS places FROM rollback WHERE project = $1 AND uid = $2`,
      [project, uid],
    );
    return row && readingOf(row);
  }

  async quarantine({ project, page }: { project: string; page: PageRequest }): Promise<Page<QuarantineReading>> {
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<QuarantineRow>(
      `SELECT *, at::text AS cursor_time FROM quarantine
       WHERE project = $1 AND ($2::timestamptz IS NULL OR (at, digest) < ($2, $3)) ORDER BY at DESC, digest DESC LIMIT $4`,
      [project, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, {
      item: ({ application_name: application, digest, actor: by, reason, at }) => ({
        application,
        digest,
        by,
        reason,
        at,
      }),
      key: (row) => [row.cursor_time, row.digest],
    });
  }
}

function readingOf({ actor: by, goal: to, created_at: createdAt, ...row }: RollbackRow): RollbackReading {
  const { uid, project, reason, selection } = row;
  return { uid, project, by, reason, to, selection, createdAt, places: row.places ?? [] };
}
