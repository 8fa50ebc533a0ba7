import type {
  ApplicationFacts,
  ClusterFacts,
  DeliveryFacts,
  ReleaseFacts,
  TargetFacts,
} from '@flotilla/control-delivery';
import { DocumentRow } from '../rows/document.row.ts';
import { RemovalOrderRow } from '../rows/target.row.ts';
import type { Transaction } from '../transaction.ts';
import { readAuthored } from './read-authored.ts';
import { readRollouts, type RolloutFacts } from './read-rollouts.ts';
import { readStages } from './read-stages.ts';

/** Reads everything that a plan for one application rests on; `undefined` when nothing of it is left. */
export async function readFacts(transaction: Transaction, uid: string, now: Date): Promise<DeliveryFacts | undefined> {
  await holdDocuments(transaction, uid);
  const row = await transaction.manager.findOneBy(DocumentRow, { uid, kind: 'Application' });
  const targets = await readTargets(transaction, uid);
  const authored = row && (await readAuthored(transaction, row));
  const rollouts = await readRollouts(transaction, uid, authored?.inputs.map(({ environment }) => environment) ?? []);
  const application = authored?.application ?? (await remainsOf(transaction, uid, { targets, rollouts }));
  if (!application) return undefined;
  return {
    now,
    application,
    stages: authored ? await readStages(transaction, authored, rollouts) : [],
    clusters: await transaction.query<ClusterFacts>(`SELECT uid, name, labels FROM cluster WHERE project = $1`, [
      application.project,
    ]),
    targets,
    releases: await readReleases(transaction, uid, rollouts),
    running: rollouts.flatMap(({ rollout, environment, running }) => (running ? [{ rollout, environment }] : [])),
  };
}

/** A deleted application is known by what it leaves behind, and by the person who wanted that. */
async function remainsOf(
  transaction: Transaction,
  uid: string,
  { targets, rollouts }: { targets: readonly TargetFacts[]; rollouts: readonly RolloutFacts[] },
): Promise<ApplicationFacts | undefined> {
  const [target] = targets;
  const [rollout] = rollouts;
  const named = target ? { project: target.entry.project, name: target.entry.application } : rollout;
  if (!named) {
    await transaction.manager.delete(RemovalOrderRow, { application: uid });
    return undefined;
  }
  const order = await transaction.manager.findOneBy(RemovalOrderRow, { application: uid });
  return { uid, project: named.project, name: named.name, ...(order && { deletedBy: order.actor }) };
}

/**
 * Nobody changes the project's documents while they are read, one statement after another: half of a change, such as a
 * pipeline under a new name, would look as if the application had no environments any more.
 */
async function holdDocuments(transaction: Transaction, application: string): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock_shared(hashtextextended('documents/' || project, 0)) FROM document WHERE uid = $1`,
    [application],
  );
}

/** The last fifty, and, however many came after it elsewhere, what each environment runs now. */
function readReleases(
  transaction: Transaction,
  application: string,
  rollouts: readonly RolloutFacts[],
): Promise<ReleaseFacts[]> {
  return transaction.query<ReleaseFacts>(
    `SELECT uid, revision, digests, contents FROM release WHERE application = $1 AND (uid = ANY($2) OR uid IN
       (SELECT uid FROM release WHERE application = $1 ORDER BY created_at DESC LIMIT 50)) ORDER BY created_at DESC`,
    [application, rollouts.map(({ release }) => release)],
  );
}

function readTargets(transaction: Transaction, application: string): Promise<TargetFacts[]> {
  return transaction.query<TargetFacts>(
    `SELECT target.uid, environment, target.cluster, entry, on_remove AS "onRemove",
       coalesce(status.gone AND status.generation = target.generation AND intent <> 'run', false) AS gone,
       NOT EXISTS (SELECT FROM cluster WHERE cluster.uid = target.cluster) AS forgotten
     FROM target LEFT JOIN target_status status ON status.target = target.uid
     WHERE application = $1 AND gone_generation IS NULL`,
    [application],
  );
}
