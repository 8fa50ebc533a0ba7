import { documentTitle, expiryOf, isInForce, systemActor, type FreezeDocument } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { carryOutOnce } from './carry-out-once.ts';

/** How soon it is asked again whether all targets are let go: another replica's clock may be behind. */
const lookMs = 30_000;

/**
 * Looks at a freeze whose end may have come, and says in how long to look again. One that is over is told once, and its
 * targets are planned anew until none carries it any more. Agents do not wait for this: each has the end in its entry.
 */
export function endFreeze(store: Store, uid: string): Promise<number | undefined> {
  return store.transact(async (transaction) => {
    const freeze = await transaction.manager.findOneBy(DocumentRow, { uid, kind: 'Freeze' });
    if (!freeze) return undefined;
    const expires = expiryOf(freeze.spec as FreezeDocument['spec']);
    if (expires === undefined) return undefined;
    const now = store.now().getTime();
    if (isInForce({ expires }, now)) return Date.parse(expires) - now;
    await carryOutOnce(transaction, `freeze.expire/${uid}/${freeze.generation}`, async () => {
      tellEnd(transaction, freeze);
      return {};
    });
    return letGo(transaction, freeze);
  });
}

function tellEnd(transaction: Transaction, { uid, project, name }: DocumentRow): void {
  const subject = documentTitle({ project, kind: 'Freeze', name });
  const actor = systemActor('delivery');
  transaction.record({ project, actor, action: 'freeze.expire', subject, message: 'it came to its end' });
  transaction.changed('document', project, [uid]);
}

async function letGo(transaction: Transaction, { project, name }: DocumentRow): Promise<number | undefined> {
  const held = await transaction.query<{ application: string }>(
    `SELECT DISTINCT application FROM target
     WHERE project = $1 AND gone_generation IS NULL AND entry -> 'frozen' @> $2::jsonb`,
    [project, JSON.stringify([{ name }])],
  );
  transaction.mark(
    'plan',
    held.map(({ application }) => application),
  );
  return held.length > 0 ? lookMs : undefined;
}
