import { newestItems, type ReportHeard, type ReportsStored, type Statuses } from '@flotilla/control-fleet';
import { isoTime } from '@flotilla/foundation';
import { jsonText } from '../json-text.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { believed } from './believed.ts';
import { countKey, recount } from './recount.ts';

/** A reported status that our own record of its target bears out. */
interface KnownItem {
  readonly target: string;
  readonly cluster: string;
}

interface HeardItem extends KnownItem {
  /** What its words are about, in our own count. */
  readonly generation: number;
}

/** Statuses and deployments in PostgreSQL. */
export class StatusStore implements Statuses {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  store(reports: readonly ReportHeard[], now: number): Promise<ReportsStored> {
    return this.#store.transact(async (transaction) => {
      const spoken = await believed(transaction, reports, now);
      const fresh = await takeInOrder(transaction, spoken);
      const items = newestItems(fresh).map(({ report, item }) => ({ ...item, cluster: report.cluster }));
      const known = await readKnown(transaction, items);
      // By both: in one batch, what another cluster says of a target stands beside what its own says.
      const accepted = new Map(known.map((item) => [placeOf(item), item.generation]));
      const rows = jsonText(
        items.flatMap((item) => {
          const generation = accepted.get(placeOf(item));
          return generation === undefined ? [] : [{ ...item, generation }];
        }),
      );
      const changed = await writeStatuses(transaction, rows, now);
      await writeDetails(transaction, rows);
      await writeDeployments(transaction, rows);
      await markFollowing(transaction, changed);
      const dropped = items.filter((item) => !accepted.has(placeOf(item)));
      return {
        changed,
        dropped: dropped.map(({ cluster, target }) => ({ cluster, target })),
        disbelieved: reports.filter((report) => !spoken.includes(report)),
      };
    });
  }

  recount(key: string): Promise<boolean> {
    return recount(this.#store, key);
  }
}

/**
 * Which of these items are about a target of their own cluster, in a generation that was issued. A cluster that is ahead
 * speaks of generations that this database has yet to issue, for something else: its words are heard as being about
 * something older, so that they never count as the answer to what is wanted here.
 */
function readKnown(transaction: Transaction, items: readonly HeardItem[]): Promise<HeardItem[]> {
  return transaction.query<HeardItem>(
    `SELECT uid AS target, target.cluster,
       CASE WHEN item.generation <= target.generation THEN item.generation ELSE target.generation - 1 END AS generation
     FROM jsonb_to_recordset($1) AS item (target text, cluster text, generation int)
     JOIN target ON target.uid = item.target AND target.cluster = item.cluster
     WHERE item.generation <= target.generation
       OR EXISTS (SELECT FROM ahead_cluster WHERE ahead_cluster.cluster = target.cluster)`,
    [JSON.stringify(items.map(({ target, cluster, generation }) => ({ target, cluster, generation })))],
  );
}

function placeOf({ cluster, target }: KnownItem): string {
  return `${cluster}/${target}`;
}

/**
 * Drops reports that come late: an agent puts everything unconfirmed into its next report, so the newest number holds
 * all that older ones did. The row of each cluster stays locked, so two replicas store one cluster's reports in turn.
 */
async function takeInOrder(transaction: Transaction, reports: readonly ReportHeard[]): Promise<ReportHeard[]> {
  const newest = new Map(reports.map((report) => [report.cluster, report]));
  for (const report of reports) if (isNewer(report, newest.get(report.cluster))) newest.set(report.cluster, report);
  const rows = [...newest.values()].map(({ cluster, leaseTransitions, number, statusDigest, fence }) => ({
    cluster,
    lease_transitions: leaseTransitions,
    report: number,
    status_digest: statusDigest,
    epoch: fence.epoch,
    generation: fence.generation,
  }));
  const before = await transaction.query<{ cluster: string; lease_transitions: number; report: string }>(
    `WITH said AS (SELECT * FROM jsonb_to_recordset($1)
       AS row (cluster text, lease_transitions int, report bigint, status_digest text, epoch int, generation int)),
     held AS (SELECT stored.* FROM last_report stored JOIN said USING (cluster) ORDER BY cluster FOR UPDATE OF stored),
     written AS (INSERT INTO last_report AS stored SELECT * FROM said ORDER BY cluster
       ON CONFLICT (cluster) DO UPDATE SET lease_transitions = excluded.lease_transitions, report = excluded.report,
         status_digest = excluded.status_digest, epoch = excluded.epoch, generation = excluded.generation
       WHERE (excluded.lease_transitions, excluded.report) > (stored.lease_transitions, stored.report))
     SELECT cluster, lease_transitions, report FROM held`,
    [jsonText(rows)],
  );
  const stored = new Map(
    before.map((row) => [row.cluster, { leaseTransitions: row.lease_transitions, number: Number(row.report) }]),
  );
  return reports
    .filter((report) => isNewer(report, stored.get(report.cluster)))
    .toSorted((left, right) => (isNewer(left, right) ? 1 : -1));
}

type ReportPlace = Pick<ReportHeard, 'leaseTransitions' | 'number'>;

function isNewer(report: ReportPlace, than: ReportPlace | undefined): boolean {
  if (!than) return true;
  if (report.leaseTransitions !== than.leaseTransitions) return report.leaseTransitions > than.leaseTransitions;
  return report.number > than.number;
}

const itemColumns = `target text, cluster text, generation int, revision text, release text, "sourceDigest" text,
  "renderDigest" text, sync text, health text, reason jsonb, since timestamptz, "appliedAt" timestamptz, gone boolean,
  resources jsonb, drift jsonb`;

/** Writes the statuses that differ from what is stored; returns their targets. */
async function writeStatuses(transaction: Transaction, rows: string, now: number): Promise<string[]> {
  const written = await transaction.query<{ target: string }>(
    `INSERT INTO target_status AS stored (target, cluster, generation, revision, release,
       source_digest, render_digest, sync, health, reason, since, applied_at, gone, reported_at)
     SELECT target, cluster, generation, revision, release, "sourceDigest", "renderDigest", sync, health,
       reason, since, "appliedAt", coalesce(gone, false), $2
     FROM jsonb_to_recordset($1) AS item (${itemColumns})
     ORDER BY target
     ON CONFLICT (target) DO UPDATE SET cluster = excluded.cluster, generation = excluded.generation,
       revision = excluded.revision,
       release = excluded.release, source_digest = excluded.source_digest, render_digest = excluded.render_digest,
       sync = excluded.sync, health = excluded.health, reason = excluded.reason, since = excluded.since,
       applied_at = excluded.applied_at, gone = excluded.gone, reported_at = excluded.reported_at
     WHERE (stored.generation, stored.revision, stored.release, stored.render_digest, stored.sync, stored.health,
            stored.reason, stored.since, stored.applied_at, stored.gone)
         IS DISTINCT FROM (excluded.generation, excluded.revision, excluded.release, excluded.render_digest,
            excluded.sync, excluded.health, excluded.reason, excluded.since, excluded.applied_at, excluded.gone)
     RETURNING target`,
    [rows, isoTime(now)],
  );
  return written.map(({ target }) => target);
}

async function writeDetails(transaction: Transaction, rows: string): Promise<void> {
  await transaction.query(
    `INSERT INTO target_detail AS stored (target, resources, drift)
     SELECT target, resources, coalesce(drift, '[]') FROM jsonb_to_recordset($1) AS item (${itemColumns})
     ORDER BY target
     ON CONFLICT (target) DO UPDATE SET resources = excluded.resources, drift = excluded.drift
     WHERE stored.resources <> excluded.resources OR stored.drift <> excluded.drift`,
    [rows],
  );
}

/**
 * What was applied and what became of it: one line for each time a release was applied on a target. While another
 * release is wanted than runs, a reason says what stands in the way of the wanted one, and is no news of what runs.
 */
async function writeDeployments(transaction: Transaction, rows: string): Promise<void> {
  await transaction.query(
    `INSERT INTO deployment AS stored (target, at, project, application_name, environment, cluster, release, revision,
       health, reason, healthy_at)
     SELECT item.target, "appliedAt", project, application_name, environment, target.cluster, item.release, revision,
       CASE WHEN own THEN health ELSE 'Unknown' END, CASE WHEN own THEN reason END,
       CASE WHEN own AND health = 'Healthy' THEN since END
     FROM jsonb_to_recordset($1) AS item (${itemColumns}) JOIN target ON target.uid = item.target,
       LATERAL (SELECT reason IS NULL OR item.release = entry ->> 'release' AS own) AS news
     WHERE "appliedAt" IS NOT NULL AND revision IS NOT NULL AND item.release IS NOT NULL
       AND (own OR NOT EXISTS (SELECT FROM deployment known WHERE known.target = item.target AND known.at = "appliedAt"))
     ORDER BY item.target
     ON CONFLICT (target, at) DO UPDATE SET health = excluded.health, reason = excluded.reason,
       healthy_at = coalesce(stored.healthy_at, excluded.healthy_at)
     WHERE (stored.health, stored.reason) IS DISTINCT FROM (excluded.health, excluded.reason)`,
    [rows],
  );
}

interface ChangedTarget {
  readonly uid: string;
  readonly project: string;
  readonly application: string;
  readonly name: string;
  readonly environment: string;
  readonly gone: boolean;
}

/** Rollouts that may have finished, targets that may have left, counts that moved, screens that look. */
async function markFollowing(transaction: Transaction, changed: readonly string[]): Promise<void> {
  if (changed.length === 0) return;
  const rows = await transaction.query<ChangedTarget>(
    `SELECT target.uid, project, application, application_name AS name, environment, status.gone
     FROM target JOIN target_status status ON status.target = uid WHERE uid = ANY($1)`,
    [changed],
  );
  const rollouts = await transaction.query<{ uid: string }>(
    `SELECT DISTINCT rollout.uid FROM rollout JOIN target USING (application, environment)
     WHERE state = 'Running' AND target.uid = ANY($1)`,
    [changed],
  );
  transaction.mark(
    'rollout',
    rollouts.map(({ uid }) => uid),
  );
  transaction.mark(
    'plan',
    rows.filter(({ gone }) => gone).map(({ application }) => application),
  );
  transaction.mark(
    'count',
    rows.map(({ project, name, environment }) => countKey({ project, application: name, environment })),
  );
  for (const project of new Set(rows.map((row) => row.project))) {
    transaction.changed(
      'target',
      project,
      rows.filter((row) => row.project === project).map(({ uid }) => uid),
    );
  }
}
