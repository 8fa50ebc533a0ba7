import {
  isNewerReport,
  newestItems,
  type ReportHeard,
  type ReportsStored,
  type Statuses,
} from '@flotilla/control-fleet';
import type { LedgerEvent } from '@flotilla/control-access';
import { driftText, systemActor } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { markFollowed } from '../delivery/mark-followed.ts';
import { isOpen } from '../rollouts/open-rollouts.ts';
import { believed } from './believed.ts';
import { countKey, recount } from './recount.ts';
import { writeStatuses, type WrittenStatus } from './write-statuses.ts';

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
      const written = await writeStatuses(transaction, items, now);
      const changed = written.filter((row) => row.changed);
      await markFollowing(transaction, changed);
      for (const row of written) if (row.found) transaction.record(driftLine(row, row.found));
      for (const row of written) if (row.retreated) transaction.record(retreatLine(row, row.retreated));
      // By both: in one batch, what another cluster says of a target stands beside what its own says.
      const accepted = new Set(written.map(placeOf));
      const dropped = items.filter((item) => !accepted.has(placeOf(item)));
      return {
        changed: changed.map(({ target }) => target),
        dropped: dropped.map(({ cluster, target }) => ({ cluster, target })),
        disbelieved: reports.filter((report) => !spoken.includes(report)),
      };
    });
  }

  recount(key: string): Promise<boolean> {
    return recount(this.#store, key);
  }
}

function placeOf({ cluster, target }: Pick<WrittenStatus, 'cluster' | 'target'>): string {
  return `${cluster}/${target}`;
}

/**
 * Drops reports that come late: an agent puts everything unconfirmed into its next report, so the newest number holds
 * all that older ones did. The row of each cluster stays locked, so two replicas store one cluster's reports in turn.
 */
async function takeInOrder(transaction: Transaction, reports: readonly ReportHeard[]): Promise<ReportHeard[]> {
  const newest = new Map(reports.map((report) => [report.cluster, report]));
  for (const report of reports)
    if (isNewerReport(report, newest.get(report.cluster))) newest.set(report.cluster, report);
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
    .filter((report) => isNewerReport(report, stored.get(report.cluster)))
    .toSorted((left, right) => (isNewerReport(left, right) ? 1 : -1));
}

/** Rollouts that may have finished, targets that may have left, counts that moved, screens that look. */
async function markFollowing(transaction: Transaction, changed: readonly WrittenStatus[]): Promise<void> {
  if (changed.length === 0) return;
  transaction.mark('rollout', await runningRollouts(transaction, changed));
  transaction.mark(
    'plan',
    changed.filter(({ gone }) => gone).map(({ application }) => application),
  );
  await markFollowed(
    transaction,
    changed.filter(({ turned }) => turned).map(({ application }) => application),
  );
  transaction.mark(
    'count',
    changed.map(({ project, name, environment }) => countKey({ project, application: name, environment })),
  );
  for (const [project, rows] of Map.groupBy(changed, (row) => row.project)) {
    transaction.changed(
      'target',
      project,
      rows.map(({ target }) => target),
    );
    if (rows.some(({ frozen }) => frozen))
      transaction.changed('document', project, await freezesOf(transaction, project));
  }
}

/** Taken back or not: somebody changed what is ours, and a person may want to know who. */
function driftLine(
  { project, name, environment }: WrittenStatus,
  found: NonNullable<WrittenStatus['found']>,
): LedgerEvent {
  const subject = `Target ${project}/${name}.${environment}.${found.place}`;
  return { project, actor: systemActor('status'), action: 'drift.find', subject, message: driftText(found.drift) };
}

/** An agent acted by itself while nobody heard it: that stands in the ledger as soon as it is heard. */
function retreatLine(
  { project, name, environment }: WrittenStatus,
  { place, why }: NonNullable<WrittenStatus['retreated']>,
): LedgerEvent {
  const subject = `Target ${project}/${name}.${environment}.${place}`;
  return { project, actor: systemActor('agent'), action: 'target.retreat', subject, message: why };
}

/** What is said of a frozen target may be the word that its freeze waits for. */
async function freezesOf(transaction: Transaction, project: string): Promise<string[]> {
  const rows = await transaction.query<{ uid: string }>(
    `SELECT uid FROM document WHERE project = $1 AND kind = 'Freeze'`,
    [project],
  );
  return rows.map(({ uid }) => uid);
}

/** Asked by places: thousands of targets stand in few of them. */
async function runningRollouts(transaction: Transaction, changed: readonly WrittenStatus[]): Promise<string[]> {
  const places = new Map(changed.map((row) => [`${row.application}/${row.environment}`, row]));
  const rows = await transaction.query<{ uid: string }>(
    `SELECT uid FROM rollout JOIN unnest($1::text[], $2::text[]) AS place (application, environment)
       USING (application, environment) WHERE ${isOpen}`,
    [
      [...places.values()].map(({ application }) => application),
      [...places.values()].map(({ environment }) => environment),
    ],
  );
  return rows.map(({ uid }) => uid);
}
