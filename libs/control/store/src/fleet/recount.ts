import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Counts a project's targets by application and environment. Counts are computed, never added up, so a lost or doubled
 * message cannot bend them.
 */
export function recount(store: Store, project: string): Promise<boolean> {
  return store.transact(async (transaction) => {
    // One counter at a time, or the older count could be written last.
    await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('count/' || $1, 0))`, [project]);
    await forgetLeft(transaction, project);
    const removed = await transaction.query<CountKey>(
      `DELETE FROM target_count WHERE project = $1 AND NOT EXISTS (
         SELECT FROM target WHERE target.project = $1 AND application_name = target_count.application
           AND target.environment = target_count.environment AND gone_generation IS NULL) RETURNING application, environment`,
      [project],
    );
    const written = await transaction.query<CountKey>(`${counted} RETURNING application, environment`, [project]);
    const moved = [...removed, ...written].map(({ application, environment }) => `${application}/${environment}`);
    transaction.changed('count', project, moved);
    return moved.length > 0;
  });
}

/** What was said of targets that have left is of no use to anybody; their deployments stay, as history. */
async function forgetLeft(transaction: Transaction, project: string): Promise<void> {
  await transaction.query(
    `WITH forgotten AS (
       DELETE FROM target_status USING cluster
       WHERE cluster.uid = target_status.cluster AND cluster.project = $1 AND NOT EXISTS (
         SELECT FROM target WHERE target.uid = target_status.target AND gone_generation IS NULL)
       RETURNING target)
     DELETE FROM target_detail USING forgotten WHERE target_detail.target = forgotten.target`,
    [project],
  );
}

interface CountKey {
  readonly application: string;
  readonly environment: string;
}

/** A target that was never reported counts as Unknown. */
const counted = `
  WITH seen AS (
    SELECT application_name, environment, coalesce(sync, 'Unknown') AS sync, coalesce(health, 'Unknown') AS health,
      target.entry -> 'source' ->> 'revision' AS revision
    FROM target LEFT JOIN target_status ON target_status.target = target.uid
    WHERE project = $1 AND gone_generation IS NULL),
  syncs AS (
    SELECT application_name, environment, jsonb_object_agg(sync, number) AS sync FROM (
      SELECT application_name, environment, sync, count(*) AS number FROM seen GROUP BY 1, 2, 3) AS each GROUP BY 1, 2),
  healths AS (
    SELECT application_name, environment, jsonb_object_agg(health, number) AS health FROM (
      SELECT application_name, environment, health, count(*) AS number FROM seen GROUP BY 1, 2, 3) AS each GROUP BY 1, 2),
  totals AS (
    SELECT application_name, environment, count(*)::int AS total, max(revision) AS revision FROM seen GROUP BY 1, 2)
  INSERT INTO target_count AS stored (project, application, environment, total, sync, health, revision)
  SELECT $1, application_name, environment, total, sync, health, revision
  FROM totals JOIN syncs USING (application_name, environment) JOIN healths USING (application_name, environment)
  ON CONFLICT (project, application, environment) DO UPDATE SET total = excluded.total, sync = excluded.sync,
    health = excluded.health, revision = excluded.revision
  WHERE (stored.total, stored.sync, stored.health, stored.revision)
    IS DISTINCT FROM (excluded.total, excluded.sync, excluded.health, excluded.revision)`;
