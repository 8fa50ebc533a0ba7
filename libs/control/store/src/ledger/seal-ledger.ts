import type { ChainPoint } from '@flotilla/model';
import { sealLines } from '@flotilla/model/node';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { lineColumns, openLine, type LineRow } from './open-lines.ts';

/** So few that whoever sweeps or seals beside it waits for a moment only. */
const linesAtOnce = 2_000;

/**
 * Puts every line that is committed by now into the chain, a batch and a transaction at a time, and says how many that
 * were. A line gets its number when it is seen, and not by its id: one that commits late comes later in the chain, and
 * none is ever passed over. Of two who seal at once one does, and the other finds that somebody is at it.
 */
export async function sealLedger(store: Store, signal: AbortSignal = neverStopped): Promise<number> {
  let sealed = 0;
  let lines = linesAtOnce;
  while (lines === linesAtOnce && !signal.aborted && (await hasOpenLines(store))) {
    lines = await store.transact(sealBatch);
    sealed += lines;
  }
  return sealed;
}

const neverStopped = new AbortController().signal;

/** Asked without a transaction: mostly there is nothing to do. */
async function hasOpenLines(store: Store): Promise<boolean> {
  const [row] = await store.query<{ open: boolean }>(
    'SELECT EXISTS (SELECT FROM ledger WHERE seq IS NULL ORDER BY id) AS open',
  );
  return row!.open;
}

async function sealBatch(transaction: Transaction): Promise<number> {
  const head = await takeHead(transaction);
  if (!head) return 0;
  // However many lines are sealed already, and whatever the statistics think: the few that are not are in an index.
  await transaction.query('SET LOCAL enable_seqscan = off');
  const rows = await transaction.query<LineRow>(
    `SELECT ${lineColumns} FROM ledger WHERE seq IS NULL ORDER BY id LIMIT ${linesAtOnce}`,
  );
  const lines = sealLines(head, rows.map(openLine));
  if (lines.length === 0) return 0;
  await transaction.query(
    `UPDATE ledger SET seq = sealed.seq, hash = sealed.hash
     FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS sealed (id, seq, hash) WHERE ledger.id = sealed.id`,
    [lines.map(({ id }) => id), lines.map(({ seq }) => seq), lines.map(({ hash }) => hash)],
  );
  const { seq, hash } = lines.at(-1)!;
  await transaction.query('UPDATE ledger_chain SET head_seq = $1, head_hash = $2', [seq, hash]);
  return lines.length;
}

/** Where the chain ends, for nobody else until this transaction is over; nothing while somebody else holds it. */
async function takeHead(transaction: Transaction): Promise<ChainPoint | undefined> {
  const [row] = await transaction.query<{ seq: string; hash: string }>(
    'SELECT head_seq AS seq, head_hash AS hash FROM ledger_chain FOR UPDATE SKIP LOCKED',
  );
  return row && { seq: Number(row.seq), hash: row.hash };
}
