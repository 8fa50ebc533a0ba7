import { before } from '../retention/sweep-table.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

const linesAtOnce = 1_000;

/**
 * Deletes lines that are older than they are kept, from the beginning of the chain on, and leaves where it begins now: the
 * number and hash of the last line that went. A younger line keeps all behind it, so that no hole is ever left; one that
 * is not sealed stays as well.
 */
export async function sweepLedger(store: Store, ledgerMs: number, signal: AbortSignal): Promise<number> {
  let removed = 0;
  let lines = linesAtOnce;
  while (lines === linesAtOnce && !signal.aborted) {
    lines = await store.transact((transaction) => sweepBatch(transaction, ledgerMs));
    removed += lines;
  }
  return removed;
}

async function sweepBatch(transaction: Transaction, ledgerMs: number): Promise<number> {
  await transaction.query('SET LOCAL enable_seqscan = off');
  const [chain] = await transaction.query<{ seq: string }>(
    'SELECT anchor_seq AS seq FROM ledger_chain FOR UPDATE SKIP LOCKED',
  );
  if (!chain) return 0;
  const removed = await transaction.query<{ seq: string; hash: string }>(
    `WITH oldest AS (SELECT id, seq, at FROM ledger WHERE seq > $1 ORDER BY seq LIMIT ${linesAtOnce}),
     old AS (SELECT id FROM oldest
       WHERE seq < coalesce((SELECT min(seq) FROM oldest WHERE at >= ${before(ledgerMs)}), 9223372036854775807))
     DELETE FROM ledger WHERE id = ANY(ARRAY(SELECT id FROM old)) RETURNING seq, hash`,
    [chain.seq],
  );
  const last = removed.toSorted((left, right) => Number(left.seq) - Number(right.seq)).at(-1);
  if (!last) return 0;
  await transaction.query('UPDATE ledger_chain SET anchor_seq = $1, anchor_hash = $2', [last.seq, last.hash]);
  return removed.length;
}
