import { affectedBy, type ChangedDocuments } from '@flotilla/control-sources';
import type { Transaction } from '../transaction.ts';

/** Marks what follows from changed documents of one project. */
export function markAffected(transaction: Transaction, project: string, changed: ChangedDocuments): void {
  if (changed.changes.every(({ action }) => action === 'unchanged')) return;
  const { applications, repositories } = affectedBy(changed);
  transaction.mark('plan', applications);
  transaction.mark('repository', repositories);
  transaction.mark('count', [project]);
}
