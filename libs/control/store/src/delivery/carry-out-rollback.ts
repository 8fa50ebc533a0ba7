import type { OrderGiver, PlannedRollback, RollbackMark } from '@flotilla/control-delivery';
import type { Transaction } from '../transaction.ts';
import { askRepairs } from './ask-repairs.ts';
import { writePlans } from './write-plans.ts';
import { writePins, writeQuarantine, writeRollback, type WrittenOrder } from './write-rollback.ts';

/** What a rollback was decided to be, and whose it is. */
export interface DecidedRollback {
  readonly order: WrittenOrder & { readonly repair: boolean };
  readonly mark: RollbackMark;
  readonly planned: readonly PlannedRollback[];
  readonly by: OrderGiver;
}

/** Writes the intent, its rollouts, its pins and what is refused from now on, all of it or nothing. Gives its uid. */
export async function carryOutRollback(transaction: Transaction, decided: DecidedRollback): Promise<string> {
  const { order, mark, planned, by } = decided;
  await writeRollback(transaction, decided);
  // Rollouts before targets: in this order they are locked by whoever looks at one.
  await writePlans(transaction, planned);
  await writePins(transaction, planned);
  await writeQuarantine(transaction, planned, { mark, by });
  if (order.repair) await askRepairs(transaction, planned, { mark, by });
  transaction.mark(
    'plan',
    planned.map(({ facts }) => facts.application.uid),
  );
  return mark.rollback;
}
