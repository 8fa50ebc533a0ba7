import type { SelectedTarget, TargetSelection } from '@flotilla/control-delivery';
import type { Actor, DesiredEntry } from '@flotilla/model';
import { entryDigest } from '@flotilla/model/node';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { renewDigests, spendGenerations } from './desired-sets.ts';

export interface TargetOrder {
  readonly selection: TargetSelection;
  readonly by: Actor;
  readonly action: string;
  readonly message: string;
  readonly change: (entry: DesiredEntry) => DesiredEntry;
  /** Ask the repositories of the targets where their refs point, as well. */
  readonly lookAtGit?: boolean;
}

interface ChosenRow {
  readonly uid: string;
  readonly cluster: string;
  readonly cluster_name: string;
  readonly application: string;
  readonly entry: DesiredEntry;
}

/** Carries out a person's order on every target that it selects, as the next generation of their clusters' sets. */
export function orderTargets(store: Store, order: TargetOrder): Promise<readonly SelectedTarget[]> {
  const { selection, by, action, message, change } = order;
  return store.transact(async (transaction) => {
    const applications = await transaction.query<{ application: string }>(
      `SELECT DISTINCT target.application ${selected}`,
      parametersOf(selection),
    );
    // The planner's own locks: an order and a plan of the same application never cross.
    for (const { application } of applications.toSorted((left, right) =>
      left.application < right.application ? -1 : 1,
    )) {
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('plan/' || $1, 0))`, [application]);
    }
    const rows = await transaction.query<ChosenRow>(
      `SELECT target.uid, target.cluster, cluster.name AS cluster_name, target.application, entry ${selected}`,
      parametersOf(selection),
    );
    const generations = await spendGenerations(
      transaction,
      rows.map(({ cluster }) => cluster),
    );
    for (const row of rows) {
      const generation = generations.get(row.cluster)!;
      const entry = { ...change(row.entry), generation };
      await transaction.query(`UPDATE target SET entry = $2, entry_digest = $3, generation = $4 WHERE uid = $1`, [
        row.uid,
        entry,
        entryDigest(entry),
        generation,
      ]);
    }
    await renewDigests(transaction, generations);
    transaction.mark('set', generations.keys());
    if (order.lookAtGit) transaction.mark('repository', await repositoriesOf(transaction, rows));
    transaction.changed(
      'target',
      selection.project,
      rows.map(({ uid }) => uid),
    );
    const targets = rows.map((row) => ({ uid: row.uid, name: nameOf(row) }));
    for (const { name } of targets) {
      transaction.record({
        project: selection.project,
        actor: by,
        action,
        subject: `Target ${selection.project}/${name}`,
        message,
      });
    }
    return targets;
  });
}

async function repositoriesOf(transaction: Transaction, rows: readonly ChosenRow[]): Promise<string[]> {
  const repositories = await transaction.query<{ uid: string }>(
    `SELECT DISTINCT repository.uid FROM document application
     JOIN document repository ON repository.project = application.project AND repository.kind = 'Repository'
       AND repository.name = application.spec -> 'source' ->> 'repository'
     WHERE application.uid = ANY($1)`,
    [rows.map(({ application }) => application)],
  );
  return repositories.map(({ uid }) => uid);
}

const selected = `FROM target JOIN cluster ON cluster.uid = target.cluster
  WHERE target.project = $1 AND gone_generation IS NULL AND ($2::text IS NULL OR application_name = $2)
    AND ($3::text IS NULL OR environment = $3) AND ($4::text IS NULL OR cluster.name = $4)`;

function parametersOf({ project, application, environment, cluster }: TargetSelection): unknown[] {
  return [project, application ?? null, environment ?? null, cluster ?? null];
}

function nameOf({ entry, cluster_name }: ChosenRow): string {
  return `${entry.application}.${entry.environment}.${cluster_name}`;
}
