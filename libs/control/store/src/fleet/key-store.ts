import type { JoinAttempt, KnownKey, RenewalAttempt, Revocations } from '@flotilla/control-fleet';
import { Fault } from '@flotilla/foundation';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';
import { ClusterKeyRow } from '../rows/cluster-key.row.ts';

/** A key is refused by the broker this long after its successor was first heard: what was under way arrives. */
const overlap = `interval '1 hour'`;

/** What the broker must know of keys, in PostgreSQL. */
export class KeyStore implements Revocations {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async wanted(now: number): Promise<ReadonlyMap<string, number>> {
    const rows = await this.#store.query<{ user_key: string; at: Date }>(
      `SELECT user_key, coalesce(revoked_at, superseded_at + ${overlap}) AS at FROM cluster_key
       WHERE expires_at > $1 AND (revoked_at IS NOT NULL OR superseded_at + ${overlap} < $1)`,
      [new Date(now)],
    );
    return new Map(rows.map(({ user_key, at }) => [user_key, at.getTime()]));
  }

  /**
   * Whoever spoke under a key that is refused now may have counted as high as there are numbers, up to this moment: the
   * one who comes after him begins anew.
   */
  async refused(userKeys: readonly string[], now: number): Promise<void> {
    await this.#store.transact(async (transaction) => {
      const news = await transaction.query<{ cluster: string; revoked_at: Date | null }>(
        `UPDATE cluster_key SET refused_at = $2 WHERE user_key = ANY($1) AND refused_at IS NULL
         RETURNING cluster, revoked_at`,
        [userKeys, new Date(now)],
      );
      const revoked = news.filter(({ revoked_at }) => revoked_at !== null).map(({ cluster }) => cluster);
      if (revoked.length > 0) await forgetSpeaker(transaction, revoked);
    });
  }
}

/** Nobody has spoken for these clusters yet, as far as what comes next is judged. */
export async function forgetSpeaker(transaction: Transaction, clusters: readonly string[]): Promise<void> {
  await transaction.query(`DELETE FROM last_report WHERE cluster = ANY($1)`, [clusters]);
  await transaction.query(`DELETE FROM liveness WHERE cluster = ANY($1)`, [clusters]);
  await transaction.query(`DELETE FROM intruder WHERE cluster = ANY($1)`, [clusters]);
}

/**
 * Whoever changes keys of one cluster does so in turn. What is read after this is what the one before wrote: a renewal
 * that began before a revocation is revoked with the rest.
 */
export async function holdKeys(transaction: Transaction, cluster: string): Promise<void> {
  await transaction.query(`SELECT FROM cluster WHERE uid = $1 FOR UPDATE`, [cluster]);
}

/** A key with its cluster. */
export async function knownKey(
  transaction: Transaction,
  userKey: string,
): Promise<(KnownKey & { project: string; name: string }) | undefined> {
  const [row] = await transaction.query<{
    cluster: string;
    revoked: boolean;
    superseded_by: string | null;
    kubernetes_uid: string | null;
    project: string;
    name: string;
  }>(
    `SELECT key.cluster, key.revoked_at IS NOT NULL AS revoked, superseded_by, kubernetes_uid, project, name
     FROM cluster_key key JOIN cluster ON uid = key.cluster WHERE key.user_key = $1`,
    [userKey],
  );
  if (!row) return undefined;
  const { cluster, project, name, revoked, superseded_by, kubernetes_uid } = row;
  const successor = superseded_by ?? undefined;
  return { cluster, project, name, isRevoked: revoked, successor, kubernetesUid: kubernetes_uid ?? undefined };
}

/** Enters a key of a cluster, or lets it live longer when it comes again. */
export async function enterKey(transaction: Transaction, cluster: string, attempt: JoinAttempt | RenewalAttempt) {
  const userKey = 'nextKey' in attempt ? attempt.nextKey : attempt.userKey;
  const entered = await transaction.query(
    `INSERT INTO cluster_key AS stored (user_key, cluster, enrolled_at, expires_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (user_key) DO UPDATE SET expires_at = greatest(stored.expires_at, excluded.expires_at)
     WHERE stored.cluster = excluded.cluster RETURNING user_key`,
    [userKey, cluster, new Date(attempt.now), new Date(attempt.expiresAt)],
  );
  if (entered.length === 0) throw keyTaken();
  if ('nextKey' in attempt)
    await transaction.manager.update(ClusterKeyRow, { userKey: attempt.userKey }, { supersededBy: userKey });
  await transaction.query(`UPDATE cluster SET user_key = $2 WHERE uid = $1`, [cluster, userKey]);
}

/** Revokes whatever key the cluster has. */
export async function revokeKeys(transaction: Transaction, cluster: string, now: Date): Promise<void> {
  await transaction.query(`UPDATE cluster_key SET revoked_at = $2 WHERE cluster = $1 AND revoked_at IS NULL`, [
    cluster,
    now,
  ]);
}

/** Brought for two clusters at the same moment: the other one has it. */
function keyTaken(): Fault {
  return new Fault({ code: 'conflict', reason: 'KeyTaken', message: 'this key is that of another cluster' });
}
