import {
  joinRefusal,
  renewalRefusal,
  type ClusterRecord,
  type Clusters,
  type ForgetCluster,
  type JoinAttempt,
  type JoinRefusal,
  type RenewalAttempt,
  type RenewalRefusal,
} from '@flotilla/control-fleet';
import { done, refused, type Outcome } from '@flotilla/foundation';
import { clusterNameLabel, systemActor, type Actor, type Labels } from '@flotilla/model';
import { ClusterRow } from '../rows/cluster.row.ts';
import { JoinTokenRow } from '../rows/join-token.row.ts';
import type { Store } from '../store.ts';
import { forgetCluster } from './forget-cluster.ts';
import type { Transaction } from '../transaction.ts';
import { enterKey, forgetSpeaker, holdKeys, knownKey, revokeKeys } from './key-store.ts';

interface JoinOptions {
  readonly project: string;
  readonly name: string;
  readonly labels?: Labels | undefined;
  readonly tokenHash: string;
  readonly expiresAt: number;
  readonly by: Actor;
}

/** Clusters and join tokens in PostgreSQL. */
export class ClusterStore implements Clusters {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  join(options: JoinOptions): Promise<ClusterRecord> {
    const { project, name, labels, tokenHash, expiresAt, by } = options;
    return this.#store.transact(async (transaction) => {
      const uid = await this.#ensure(transaction, project, name);
      if (labels) await transaction.manager.update(ClusterRow, { uid }, { labels: withName(labels, name) });
      await transaction.manager.delete(JoinTokenRow, { cluster: uid });
      await transaction.manager.insert(JoinTokenRow, { hash: tokenHash, cluster: uid, expiresAt: new Date(expiresAt) });
      const message = `${name} was given a join token`;
      transaction.record({
        project,
        actor: by,
        action: 'cluster.join',
        subject: `Cluster ${project}/${name}`,
        message,
      });
      await planEverything(transaction, project, uid);
      return { uid, project, name };
    });
  }

  enrol(attempt: JoinAttempt): Promise<Outcome<ClusterRecord, JoinRefusal>> {
    return this.#store.transact(async (transaction) => {
      const [token] = await transaction.query<{ cluster: string; expires_at: Date; used_by: string | null }>(
        `SELECT cluster, expires_at, used_by FROM join_token WHERE hash = $1 FOR UPDATE`,
        [attempt.tokenHash],
      );
      if (!token) return refused('unknown');
      await holdKeys(transaction, token.cluster);
      const cluster = await transaction.manager.findOneByOrFail(ClusterRow, { uid: token.cluster });
      const { userKey, kubernetesUid } = attempt;
      const known = {
        expiresAt: token.expires_at.getTime(),
        usedBy: token.used_by ?? undefined,
        kubernetesUid: cluster.kubernetesUid ?? undefined,
        isKeyTaken: (await knownKey(transaction, userKey)) !== undefined,
      };
      const refusal = joinRefusal(known, attempt);
      this.#record(transaction, cluster, refusal);
      if (refusal) return refused(refusal);
      await transaction.manager.update(JoinTokenRow, { hash: attempt.tokenHash }, { usedBy: userKey });
      if (!known.usedBy) {
        await revokeKeys(transaction, cluster.uid, this.#store.now());
        await forgetSpeaker(transaction, [cluster.uid]);
      }
      await enterKey(transaction, cluster.uid, attempt);
      const entered = { kubernetesUid, enrolledAt: this.#store.now(), revokedAt: null };
      await transaction.manager.update(ClusterRow, { uid: cluster.uid }, entered);
      transaction.changed('cluster', cluster.project, [cluster.uid]);
      return done({ uid: cluster.uid, project: cluster.project, name: cluster.name });
    });
  }

  renew(attempt: RenewalAttempt): Promise<Outcome<ClusterRecord, RenewalRefusal>> {
    return this.#store.transact(async (transaction) => {
      await holdKeys(transaction, attempt.cluster);
      const key = await knownKey(transaction, attempt.userKey);
      const refusal = renewalRefusal(key, await knownKey(transaction, attempt.nextKey), attempt);
      const isRepeated = key?.successor === attempt.nextKey;
      if (key && (refusal || !isRepeated)) this.#recordRenewal(transaction, key, refusal);
      if (!key || refusal) return refused(refusal ?? 'unknown-key');
      await enterKey(transaction, attempt.cluster, attempt);
      return done({ uid: key.cluster, project: key.project, name: key.name });
    });
  }

  revoke({ project, name, reason, by }: { project: string; name: string; reason: string; by: Actor }) {
    return this.#store.transact(async (transaction) => {
      const cluster = await transaction.manager.findOneBy(ClusterRow, { project, name });
      if (!cluster) return undefined;
      const [{ uid }, now] = [cluster, this.#store.now()];
      await holdKeys(transaction, uid);
      await revokeKeys(transaction, uid, now);
      await transaction.manager.delete(JoinTokenRow, { cluster: uid });
      await transaction.manager.update(ClusterRow, { uid }, { revokedAt: now });
      const message = `the identities of ${name} were revoked: ${reason}`;
      transaction.record({
        project,
        actor: by,
        action: 'cluster.revoke',
        subject: `Cluster ${project}/${name}`,
        message,
      });
      transaction.changed('cluster', project, [uid]);
      return { uid, project, name };
    });
  }

  label({ project, name, labels, by }: { project: string; name: string; labels: Labels; by: Actor }) {
    return this.#store.transact(async (transaction) => {
      const cluster = await transaction.manager.findOneBy(ClusterRow, { project, name });
      if (!cluster) return undefined;
      await transaction.manager.update(ClusterRow, { uid: cluster.uid }, { labels: withName(labels, name) });
      const message = `labels of ${name} changed`;
      transaction.record({
        project,
        actor: by,
        action: 'cluster.label',
        subject: `Cluster ${project}/${name}`,
        message,
      });
      await planEverything(transaction, project, cluster.uid);
      return { uid: cluster.uid, project, name };
    });
  }

  forget(request: ForgetCluster): Promise<ClusterRecord | undefined> {
    return forgetCluster(this.#store, request);
  }

  /** The cluster of this name, with the identity it had or a new one. Whoever asks at the same moment waits. */
  async #ensure(transaction: Transaction, project: string, name: string): Promise<string> {
    const [row] = await transaction.query<{ uid: string }>(
      `INSERT INTO cluster (uid, project, name, labels, created_at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (project, name) DO UPDATE SET name = excluded.name RETURNING uid`,
      [this.#store.ids.next(), project, name, withName({}, name), this.#store.now()],
    );
    return row!.uid;
  }

  #record(transaction: Transaction, { project, name }: ClusterRow, refusal: JoinRefusal | undefined): void {
    const action = refusal ? 'cluster.enrol-refused' : 'cluster.enrol';
    const message = refusal ? `a join token for ${name} was refused: ${refusal}` : `${name} enrolled`;
    transaction.record({
      project,
      actor: systemActor('status'),
      action,
      subject: `Cluster ${project}/${name}`,
      message,
    });
  }

  #recordRenewal(
    transaction: Transaction,
    { project, name }: { project: string; name: string },
    refusal: RenewalRefusal | undefined,
  ): void {
    const action = refusal ? 'cluster.renew-refused' : 'cluster.renew';
    const message = refusal ? `a renewal with a key of ${name} was refused: ${refusal}` : `${name} has a new key`;
    const subject = `Cluster ${project}/${name}`;
    transaction.record({ project, actor: systemActor('status'), action, subject, message });
  }
}

/** Environments choose clusters by labels, so any application of the project may now run elsewhere. */
async function planEverything(transaction: Transaction, project: string, cluster: string): Promise<void> {
  const rows = await transaction.query<{ uid: string }>(
    `SELECT uid FROM document WHERE project = $1 AND kind = 'Application'`,
    [project],
  );
  transaction.mark(
    'plan',
    rows.map(({ uid }) => uid),
  );
  transaction.changed('cluster', project, [cluster]);
}

function withName(labels: Labels, name: string): Labels {
  return { ...labels, [clusterNameLabel]: name };
}
