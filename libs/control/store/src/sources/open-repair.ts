import type { RepairOrder } from '@flotilla/control-sources';
import type { Ids } from '@flotilla/foundation';
import { jsonText } from '../json-text.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Asks for the repair of Git, in the transaction of the rollback that needs it, so that neither is ever without the
 * other. Gives the repair's uid, the same one when it is asked again; nothing when there is no such repository. From here
 * on the row is written by `sources` alone.
 */
export async function openRepair(
  transaction: Transaction,
  ids: Ids,
  { by, ...order }: RepairOrder,
): Promise<string | undefined> {
  const [opened] = await transaction.query<{ uid: string }>(
    `INSERT INTO repair (uid, project, rollback, repository, branch, applications, paths, good_revision, bad_revision,
       reason, actor, state, attempts, conflicts, created_at, updated_at)
     SELECT $1, $2, $3, document.uid, $5, $6, $7, $8, $9, $10, $11, 'Waiting', 0, '{}', now(), now()
     FROM document WHERE project = $2 AND kind = 'Repository' AND name = $4
     ON CONFLICT (rollback, repository, branch) DO UPDATE SET rollback = excluded.rollback RETURNING uid`,
    [
      ids.next(),
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
