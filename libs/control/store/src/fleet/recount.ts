import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Counts targets by application and environment: those of a whole project, or of one place in it (`countKey`). Counts
 * are computed, never added up, so a lost or doubled message cannot bend them.
 */
export function recount(store: Store, key: string): Promise<boolean> {
  const [project = '', application = null, environment = null] = key.split('/');
  const place = [project, application, environment];
  return store.transact(async (transaction) => {
    // One counter at a time, or the older count could be written last.
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('count/' || $1, 0))`, [project]);
    await forgetLeft(transaction, place);
    const removed = await transaction.query<CountKey>(
      `DELETE FROM target_count WHERE ${within} AND NOT EXISTS (
         SELECT FROM target WHERE target.project = $1 AND application_name = target_count.application
           AND target.environment = target_count.environment AND gone_generation IS NULL) RETURNING application, environment`,
      place,
    );
    const written = await transaction.query<CountKey>(`${counted} RETURNING application, environment`, place);
    const moved = [...removed, ...written].map(({ application: name, environment: where }) => `${name}/${where}`);
    transaction.changed('count', project, moved);
    return moved.length > 0;
  });
}

/** The place whose count moved, as a key of the work table. Names have no slash. */
export function countKey({ project, application, environment }: CountKey & { readonly project: string }): string {
  return `${project}/${application}/${environment}`;
}

/** Over the rows of `target_count`: those that are counted now. */
const within = `target_count.project = $1 AND ($2::text IS NULL OR target_count.application = $2)
  AND ($3::text IS NULL OR target_count.environment = $3)`;
const targetWithin = `target.project = $1 AND ($2::text IS NULL OR application_name = $2)
  AND ($3::text IS NULL OR environment = $3)`;

/** What was said of targets that are leaving is of no use to anybody; their deployments stay, as history. */
async function forgetLeft(transaction: Transaction, place: readonly unknown[]): Promise<void> {
  await transaction.query(
    `WITH forgotten AS (
       DELETE FROM target_status USING target WHERE target.uid = target_status.target AND gone_generation IS NOT NULL
         AND ${targetWithin} RETURNING target_status.target)
     DELETE FROM target_detail USING forgotten WHERE target_detail.target = forgotten.target`,
    [...place],
  );
}

interface CountKey {
  readonly application: string;
  readonly environment: string;
}

/** A target that was never reported counts as Unknown. The targets are gone through once: what comes after is few rows. */
const counted = `
  WITH counted AS MATERIALIZED (
    SELECT application_name, environment, target.release, coalesce(sync, 'Unknown') AS sync,
      coalesce(health, 'Unknown') AS health, count(*) AS number
    FROM target LEFT JOIN target_status ON target_status.target = target.uid
    WHERE ${targetWithin} AND gone_generation IS NULL GROUP BY 1, 2, 3, 4, 5),
  seen AS (SELECT counted.*, revision FROM counted LEFT JOIN release ON release.uid = counted.release),
  syncs AS (
    SELECT application_name, environment, jsonb_object_agg(sync, number) AS sync FROM (
      SELECT application_name, environment, sync, sum(number) AS number FROM seen GROUP BY 1, 2, 3) AS each GROUP BY 1, 2),
  healths AS (
    SELECT application_name, environment, jsonb_object_agg(health, number) AS health FROM (
      SELECT application_name, environment, health, sum(number) AS number FROM seen GROUP BY 1, 2, 3) AS each GROUP BY 1, 2),
  totals AS (
    SELECT application_name, environment, sum(number)::int AS total, max(revision) AS revision FROM seen GROUP BY 1, 2)
  INSERT INTO target_count AS stored (project, application, environment, total, sync, health, revision)
  SELECT $1, application_name, environment, total, sync, health, revision
  FROM totals JOIN syncs USING (application_name, environment) JOIN healths USING (application_name, environment)
  ON CONFLICT (project, application, environment) DO UPDATE SET total = excluded.total, sync = excluded.sync,
    health = excluded.health, revision = excluded.revision
  WHERE (stored.total, stored.sync, stored.health, stored.revision)
    IS DISTINCT FROM (excluded.total, excluded.sync, excluded.health, excluded.revision)`;
