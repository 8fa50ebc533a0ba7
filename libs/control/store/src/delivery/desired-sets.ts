import type { Transaction } from '../transaction.ts';

/**
 * Spends the next generation of each cluster's set and holds its lock to the end of the transaction. Clusters are
 * locked in one order, so two planners wait for each other instead of dying.
 */
export async function spendGenerations(
  transaction: Transaction,
  clusters: Iterable<string>,
): Promise<Map<string, number>> {
  const ordered = [...new Set(clusters)].toSorted();
  if (ordered.length === 0) return new Map();
  const rows = await transaction.query<{ cluster: string; generation: number }>(
    `INSERT INTO desired_set (cluster, epoch, generation, digest)
     SELECT cluster, (SELECT max(epoch) FROM epoch), 1, '' FROM unnest($1::text[]) AS wanted (cluster)
     ON CONFLICT (cluster) DO UPDATE SET generation = desired_set.generation + 1
     RETURNING cluster, generation`,
    [ordered],
  );
  return new Map(rows.map(({ cluster, generation }) => [cluster, generation]));
}

/** How many digests are kept for a cluster that is silent: one that comes back with an older set is sent the whole. */
const issuedMax = 1_000;

/** What `setDigest` makes of the entries of a cluster. Made where they are: a fleet has too many to send them here for it. */
const digestOfTargets = `encode(sha256(convert_to(
  coalesce(string_agg(entry_digest, E'\\n' ORDER BY entry_digest COLLATE "C"), ''), 'UTF8')), 'hex')`;

/** Recomputes the digest of each set from the digests of its entries, and remembers that it was issued. */
export async function renewDigests(transaction: Transaction, generations: ReadonlyMap<string, number>): Promise<void> {
  await transaction.query(
    `WITH digested AS (
       SELECT wanted.cluster, targets.digest FROM unnest($1::text[]) AS wanted (cluster)
       CROSS JOIN LATERAL (SELECT ${digestOfTargets} AS digest FROM target
         WHERE target.cluster = wanted.cluster AND gone_generation IS NULL) targets),
     renewed AS (
       UPDATE desired_set SET digest = digested.digest FROM digested WHERE desired_set.cluster = digested.cluster
       RETURNING desired_set.cluster, epoch, generation, desired_set.digest),
     outdated AS (DELETE FROM issued_set USING renewed
       WHERE issued_set.cluster = renewed.cluster AND issued_set.generation < renewed.generation - ${issuedMax})
     INSERT INTO issued_set SELECT cluster, epoch, generation, digest FROM renewed`,
    [[...generations.keys()]],
  );
}
