import type { RepairOrder } from '@flotilla/control-sources';
import { digestOf } from '@flotilla/foundation/node';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Asks for the repair of Git, in the transaction of the rollback that needs it, so that neither is ever without the
 * other. Gives the repair's uid, the same one when the same is asked again; nothing when there is no such repository. From
 * here on the row is written by `sources` alone.
 */
export async function openRepair(transaction: Transaction, { by, ...order }: RepairOrder): Promise<string | undefined> {
  const [opened] = await transaction.query<{ uid: string }>(
    `INSERT INTO repair (uid, project, rollback, repository, branch, applications, paths, good_revision, bad_revision,
       reason, actor, state, attempts, conflicts, created_at, updated_at)
     SELECT $1, $2, $3, document.uid, $5, $6, $7, $8, $9, $10, $11, 'Waiting', 0, '{}', now(), now()
     FROM document WHERE project = $2 AND kind = 'Repository' AND name = $4
     ON CONFLICT (uid) DO UPDATE SET uid = excluded.uid RETURNING uid`,
    [
      uidOf(order),
      order.project,
      order.rollback,
      order.repository,
      order.branch,
      order.applications,
      order.paths,
      order.goodRevision,
      order.badRevision,
      order.reason,
      jsonText(by),
    ],
  );
  if (opened) transaction.mark('repair', [opened.uid]);
  return opened?.uid;
}

/** Two applications of a rollback may go back to two revisions, on one branch: those are two repairs. */
function uidOf({
  rollback,
  project,
  repository,
  branch,
  paths,
  goodRevision,
  badRevision,
}: Omit<RepairOrder, 'by'>): string {
  const asked = { rollback, project, repository, branch, paths: paths.toSorted(), goodRevision, badRevision };
  return digestOf(asked).slice(0, 26);
}
