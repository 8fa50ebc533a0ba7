import type { Fence } from '@flotilla/model';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/**
 * Spends the next generation of each cluster's set and holds its lock to the end of the transaction. Clusters are
 * locked in one order, so two planners wait for each other instead of dying. The digest of a set is made when it is
 * sent, which reads its entries anyway: here it would take as long as all the rest of a plan.
 */
export async function spendGenerations(
  transaction: Transaction,
  clusters: Iterable<string>,
): Promise<Map<string, number>> {
  const ordered = [...new Set(clusters)].toSorted();
  if (ordered.length === 0) return new Map();
  const rows = await transaction.query<{ cluster: string; generation: number }>(
    `WITH spent AS (
       INSERT INTO desired_set (cluster, epoch, generation, digest)
       SELECT cluster, (SELECT max(epoch) FROM epoch), 1, '' FROM unnest($1::text[]) AS wanted (cluster)
       ON CONFLICT (cluster) DO UPDATE SET generation = desired_set.generation + 1, digest = ''
       RETURNING cluster, epoch, generation),
     unissued AS (INSERT INTO issued_set SELECT cluster, epoch, generation, '' FROM spent)
     SELECT cluster, generation FROM spent`,
    [ordered],
  );
  return new Map(rows.map(({ cluster, generation }) => [cluster, generation]));
}

/** A set as it is about to be sent, under the number that it has. */
export interface SentSet extends Fence {
  readonly cluster: string;
  readonly digest: string;
}

/**
 * Remembers what is about to be sent for the first time: a cluster that holds another set under this number is ahead.
 * Written in one order, so that two senders of the same sets wait for each other instead of dying.
 */
export async function issueSets(store: Store, sets: readonly SentSet[]): Promise<void> {
  if (sets.length === 0) return;
  const ordered = sets.toSorted((left, right) => (left.cluster < right.cluster ? -1 : 1));
  await store.query(
    `INSERT INTO issued_set AS issued (cluster, epoch, generation, digest)
     SELECT * FROM unnest($1::text[], $2::int[], $3::int[], $4::text[])
     ON CONFLICT (cluster, epoch, generation) DO UPDATE SET digest = excluded.digest WHERE issued.digest = ''`,
    [
      ordered.map(({ cluster }) => cluster),
      ordered.map(({ epoch }) => epoch),
      ordered.map(({ generation }) => generation),
      ordered.map(({ digest }) => digest),
    ],
  );
}
