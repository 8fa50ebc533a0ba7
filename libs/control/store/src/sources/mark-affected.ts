import { affectedBy, type ChangedDocuments } from '@flotilla/control-sources';
import { expiryOf, type DocumentChange } from '@flotilla/model';
import type { Transaction } from '../transaction.ts';

interface Affecting {
  readonly project: string;
  readonly changed: ChangedDocuments;
  readonly now: Date;
}

/** Marks what follows from changed documents of one project. */
export async function markAffected(transaction: Transaction, { project, changed, now }: Affecting): Promise<void> {
  const names = new Set(changed.changes.flatMap(({ action, document }) => (action === 'unchanged' ? [] : [document])));
  if (names.size === 0) return;
  const { applications, repositories } = affectedBy(changed);
  transaction.mark('plan', applications);
  transaction.mark('repository', repositories);
  transaction.mark('count', [project]);
  if ([...names].some(({ kind }) => kind === 'Freeze')) await markFrozen(transaction, { project, changed, now });
}

/**
 * Freezes end by themselves, and each is told of once: those that nobody changed wait already, or are over. What is left
 * of deleted applications is frozen and let go with the others.
 */
async function markFrozen(transaction: Transaction, { project, changed, now }: Affecting): Promise<void> {
  const isNews = ({ action, key }: DocumentChange) => action !== 'unchanged' && key.kind === 'Freeze';
  const news = new Set(changed.changes.filter(isNews).map(({ key }) => key.name));
  for (const { uid, document } of changed.after) {
    if (document.kind !== 'Freeze' || !news.has(document.metadata.name)) continue;
    const expires = expiryOf(document.spec);
    if (expires !== undefined) transaction.mark('freeze', [uid], Math.max(0, Date.parse(expires) - now.getTime()));
  }
  const left = await transaction.query<{ application: string }>(
    `SELECT DISTINCT application FROM target WHERE project = $1 AND gone_generation IS NULL
       AND NOT EXISTS (SELECT FROM document WHERE uid = application)`,
    [project],
  );
  transaction.mark(
    'plan',
    left.map(({ application }) => application),
  );
}
