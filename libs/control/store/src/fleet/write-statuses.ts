import { isoTime } from '@flotilla/foundation';
import type { DriftedField, TargetStatus } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';

/** A reported status that our own record of its target bears out. */
export interface WrittenStatus {
  readonly target: string;
  readonly cluster: string;
  readonly project: string;
  readonly application: string;
  readonly name: string;
  readonly environment: string;
  readonly gone: boolean;
  /** Whether its entry is frozen: what it says may be what a freeze waits for. */
  readonly frozen: boolean;
  /** What somebody changed, where nothing was told before: its cluster by name, and the fields. */
  readonly found: { readonly place: string; readonly drift: readonly DriftedField[] } | null;
  /** That it went back by itself, where that was not told before: its cluster by name, and in the agent's words why. */
  readonly retreated: { readonly place: string; readonly why: string } | null;
  /** It differs from what was stored. */
  readonly changed: boolean;
  /** It is Degraded and was not, or the other way round. */
  readonly turned: boolean;
}

/**
 * Writes statuses, details and deployments that differ from what is stored, and returns what our own record bears out.
 * One statement, so that PostgreSQL reads what was said once, however many tables it goes to. Whoever calls holds the
 * clusters' rows of `last_report`, so nobody else writes these targets meanwhile. PostgreSQL cannot know how many items
 * there are and joins what it takes for few in a loop: hence `IN`, which it hashes.
 */
export function writeStatuses(
  transaction: Transaction,
  items: readonly (TargetStatus & { readonly cluster: string })[],
  now: number,
): Promise<WrittenStatus[]> {
  if (items.length === 0) return Promise.resolve([]);
  return transaction.query<WrittenStatus>(
    `WITH item AS MATERIALIZED (${known}), status AS (${statuses}), detail AS (${details}), deployed AS (${deployments}),
       departed AS (${departures})
     SELECT target, cluster, project, application, application_name AS name, environment, gone, frozen,
       CASE WHEN ${beginsToDrift} THEN jsonb_build_object('place', place, 'drift', drift) END AS found,
       CASE WHEN ${retreats} THEN jsonb_build_object('place', place, 'why', reason ->> 'message') END AS retreated,
       target IN (SELECT target FROM status) AS changed,
       target IN (SELECT target FROM status WHERE turned) AS turned
     FROM item`,
    [jsonText(items), isoTime(now)],
  );
}

const itemColumns = `target text, cluster text, generation int, revision text, release text, "sourceDigest" text,
  "renderDigest" text, sync text, health text, reason jsonb, since timestamptz, "appliedAt" timestamptz, gone boolean,
  images text[], resources jsonb, drift jsonb`;

/**
 * The items that are about a target of their own cluster, in a generation that was issued. A cluster that is ahead
 * speaks of generations that this database has yet to issue, for something else: its words are heard as being about
 * something older, so that they never count as the answer to what is wanted here.
 */
const known = `
  SELECT said.target, said.cluster, project, application, application_name, environment, entry ->> 'release' AS wanted,
    entry ? 'frozen' AS frozen, (SELECT name FROM cluster WHERE uid = target.cluster) AS place,
    CASE WHEN said.generation <= target.generation THEN said.generation ELSE target.generation - 1 END AS generation,
    revision, said.release, "sourceDigest" AS source_digest, "renderDigest" AS render_digest, sync, health, reason,
    since, "appliedAt" AS applied_at, coalesce(gone, false) AS gone, images, resources, coalesce(drift, '[]') AS drift
  FROM jsonb_to_recordset($1) AS said (${itemColumns})
  JOIN target ON target.uid = said.target AND target.cluster = said.cluster
  WHERE said.generation <= target.generation
    OR EXISTS (SELECT FROM ahead_cluster WHERE ahead_cluster.cluster = target.cluster)`;

/** One line tells of it, and not one for each report: all of a statement sees what was stored before it. */
const beginsToDrift = `drift <> '[]' AND NOT EXISTS (
  SELECT FROM target_detail stored WHERE stored.target = item.target AND stored.drift <> '[]')`;

const retreats = `reason ->> 'code' = 'Retreated' AND NOT EXISTS (
  SELECT FROM target_status stored WHERE stored.target = item.target AND stored.reason ->> 'code' = 'Retreated')`;

const statuses = `
  INSERT INTO target_status AS stored (target, cluster, generation, revision, release,
    source_digest, render_digest, sync, health, reason, since, applied_at, gone, reported_at, degraded_at)
  SELECT target, cluster, generation, revision, release,
    source_digest, render_digest, sync, health, reason, since, applied_at, gone, $2::timestamptz,
    CASE WHEN health = 'Degraded' THEN $2::timestamptz END
  FROM item ORDER BY target
  ON CONFLICT (target) DO UPDATE SET cluster = excluded.cluster, generation = excluded.generation,
    revision = excluded.revision,
    release = excluded.release, source_digest = excluded.source_digest, render_digest = excluded.render_digest,
    sync = excluded.sync, health = excluded.health, reason = excluded.reason, since = excluded.since,
    applied_at = excluded.applied_at, gone = excluded.gone, reported_at = excluded.reported_at,
    degraded_at = CASE WHEN 'Degraded' IN (stored.health, excluded.health) THEN excluded.reported_at
      ELSE stored.degraded_at END
  WHERE (stored.generation, stored.revision, stored.release, stored.render_digest, stored.sync, stored.health,
         stored.reason, stored.since, stored.applied_at, stored.gone)
      IS DISTINCT FROM (excluded.generation, excluded.revision, excluded.release, excluded.render_digest,
         excluded.sync, excluded.health, excluded.reason, excluded.since, excluded.applied_at, excluded.gone)
  RETURNING target, coalesce(degraded_at = reported_at, false) AS turned`;

/** What is there already is left out before the write: a conflict that changes nothing is written to disk all the same. */
const details = `
  INSERT INTO target_detail (target, resources, drift)
  SELECT target, item.resources, item.drift FROM item LEFT JOIN target_detail stored USING (target)
  WHERE (item.resources, item.drift) IS DISTINCT FROM (stored.resources, stored.drift) ORDER BY target
  ON CONFLICT (target) DO UPDATE SET resources = excluded.resources, drift = excluded.drift`;

/**
 * What was applied and what became of it: one line for each time a release was applied on a target. While another
 * release is wanted than runs, a reason says what stands in the way of the wanted one, and is no news of what runs.
 */
const deployments = `
  INSERT INTO deployment AS stored (target, at, project, application_name, environment, cluster, release, revision,
    health, reason, healthy_at, source_digest, images)
  SELECT target, applied_at, project, application_name, environment, cluster, release, revision,
    CASE WHEN own THEN health ELSE 'Unknown' END, CASE WHEN own THEN reason END,
    CASE WHEN own AND health = 'Healthy' THEN since END, source_digest, images
  FROM item, LATERAL (SELECT reason IS NULL OR release = wanted AS own) AS news
  WHERE applied_at IS NOT NULL AND revision IS NOT NULL AND release IS NOT NULL AND NOT gone
    AND (own OR NOT EXISTS (SELECT FROM deployment stands WHERE stands.target = item.target AND stands.at = applied_at))
  ORDER BY target
  ON CONFLICT (target, at) DO UPDATE SET health = excluded.health, reason = excluded.reason,
    healthy_at = coalesce(stored.healthy_at, excluded.healthy_at), left_at = NULL,
    images = coalesce(excluded.images, stored.images)
  WHERE (stored.health, stored.reason, stored.images, stored.left_at)
    IS DISTINCT FROM (excluded.health, excluded.reason, coalesce(excluded.images, stored.images), excluded.left_at)`;

/** What left is no longer what runs: the last of its deployments ends with the report that says so. */
const departures = `
  UPDATE deployment SET left_at = $2::timestamptz FROM item
  WHERE item.gone AND deployment.target = item.target AND left_at IS NULL
    AND at = (SELECT max(at) FROM deployment newest WHERE newest.target = item.target)`;
