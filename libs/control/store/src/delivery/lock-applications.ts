import type { Transaction } from '../transaction.ts';

/**
 * Plans and orders of one application wait for each other; what the second one reads is what the first one wrote. Locked
 * in one order, so that two who want several never wait for each other in a circle.
 */
export async function lockApplications(transaction: Transaction, uids: Iterable<string>): Promise<void> {
  await transaction.query(
    `SELECT pg_advisory_xact_lock(hashtextextended('plan/' || uid, 0)) FROM unnest($1::text[]) AS uid`,
    [[...new Set(uids)].toSorted()],
  );
}
