import type { OrderGiver, SelectedTarget, TargetSelection } from '@flotilla/control-delivery';
import type { DesiredEntry, LedgerAction } from '@flotilla/model';
import { entryDigest } from '@flotilla/model/node';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { carryOutOnce } from './carry-out-once.ts';
import { spendGenerations } from './desired-sets.ts';
import { lockApplications } from './lock-applications.ts';

export interface TargetOrder {
  readonly selection: TargetSelection;
  readonly by: OrderGiver;
  readonly action: LedgerAction;
  readonly message: string;
  /** What becomes of an entry; `entering` is the source digest that entered its environment last. */
  readonly change: (entry: DesiredEntry, entering: string) => DesiredEntry;
  /** Only frozen targets, and plan them anew. */
  readonly frozen?: boolean;
  /** Ask the repositories of the targets where their refs point, as well. */
  readonly lookAtGit?: boolean;
}

interface ChosenRow {
  readonly uid: string;
  readonly cluster: string;
  readonly cluster_name: string;
  readonly application: string;
  readonly entry: DesiredEntry;
  readonly entering: string | null;
}

/** Carries out a person's order on every target that it selects, as the next generation of their clusters' sets. */
export function orderTargets(store: Store, order: TargetOrder): Promise<readonly SelectedTarget[]> {
  return store.transact((transaction) =>
    carryOutOnce(transaction, order.by.request, () => carryOut(transaction, order)),
  );
}

/** The same inside of a larger order. */
export async function carryOut(transaction: Transaction, order: TargetOrder): Promise<readonly SelectedTarget[]> {
  const rows = await chooseTargets(transaction, order);
  const generations = await changeEntries(transaction, rows, order.change);
  transaction.mark('set', generations.keys());
  if (order.frozen) {
    transaction.mark(
      'plan',
      rows.map(({ application }) => application),
    );
  }
  if (order.lookAtGit) transaction.mark('repository', await repositoriesOf(transaction, rows));
  return tellOf(transaction, rows, order);
}

/** Under the planner's own locks, so that an order and a plan of the same application never cross. */
async function chooseTargets(
  transaction: Transaction,
  { selection, frozen = false }: TargetOrder,
): Promise<readonly ChosenRow[]> {
  const applications = await transaction.query<{ application: string }>(
    `SELECT DISTINCT target.application ${selected}`,
    parametersOf(selection),
  );
  await lockApplications(
    transaction,
    applications.map(({ application }) => application),
  );
  const rows = await transaction.query<ChosenRow>(
    `SELECT target.uid, target.cluster, cluster.name AS cluster_name, target.application, entry,
       (${enteringDigest}) AS entering ${selected}`,
    parametersOf(selection),
  );
  return frozen ? rows.filter(({ entry }) => entry.frozen) : rows;
}

async function changeEntries(
  transaction: Transaction,
  rows: readonly ChosenRow[],
  change: TargetOrder['change'],
): Promise<ReadonlyMap<string, number>> {
  const clusters = rows.map(({ cluster }) => cluster);
  const generations = await spendGenerations(transaction, clusters);
  for (const { uid, cluster, entry: before, entering } of rows) {
    const generation = generations.get(cluster)!;
    const entry = { ...change(before, entering ?? before.sourceDigest), generation };
    const values = [uid, entry, entryDigest(entry), generation];
    await transaction.query(`UPDATE target SET entry = $2, entry_digest = $3, generation = $4 WHERE uid = $1`, values);
  }
  return generations;
}

function tellOf(
  transaction: Transaction,
  rows: readonly ChosenRow[],
  { selection: { project }, by: actor, action, message }: TargetOrder,
): readonly SelectedTarget[] {
  const targets = rows.map((row) => ({ uid: row.uid, name: nameOf(row) }));
  const uids = targets.map(({ uid }) => uid);
  transaction.changed('target', project, uids);
  for (const { name } of targets) {
    transaction.record({ project, actor, action, subject: `Target ${project}/${name}`, message });
  }
  return targets;
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

/** What a target would get if nothing stood in the way. Who goes back enters nothing. */
const enteringDigest = `SELECT release.digests ->> target.environment FROM rollout JOIN release ON release.uid = rollout.release
  WHERE rollout.application = target.application AND rollout.environment = target.environment AND cause <> 'rollback'
  ORDER BY rollout.created_at DESC LIMIT 1`;

const selected = `FROM target JOIN cluster ON cluster.uid = target.cluster
  WHERE target.project = $1 AND gone_generation IS NULL AND ($2::text IS NULL OR application_name = $2)
    AND ($3::text IS NULL OR environment = $3) AND ($4::text IS NULL OR cluster.name = $4)`;

function parametersOf({ project, application, environment, cluster }: TargetSelection): unknown[] {
  return [project, application ?? null, environment ?? null, cluster ?? null];
}

function nameOf({ entry, cluster_name }: ChosenRow): string {
  return `${entry.application}.${entry.environment}.${cluster_name}`;
}
