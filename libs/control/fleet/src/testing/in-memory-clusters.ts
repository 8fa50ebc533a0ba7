import { done, refused, type Ids, type Outcome } from '@flotilla/foundation';
import { clusterNameLabel, type Labels } from '@flotilla/model';
import type { ClusterRecord, Clusters, ForgetCluster, JoinAttempt, JoinRefusal } from '../clusters.port.ts';
import { joinRefusal } from '../join-token.ts';
import { renewalRefusal, type KnownKey, type RenewalAttempt, type RenewalRefusal } from '../renewal.ts';

interface StoredCluster extends ClusterRecord {
  readonly labels: Labels;
  readonly kubernetesUid?: string;
  readonly isRevoked?: boolean;
}

interface StoredKey {
  readonly cluster: string;
  readonly isRevoked: boolean;
  readonly successor?: string;
}

interface StoredToken {
  readonly cluster: string;
  readonly expiresAt: number;
  readonly usedBy?: string;
}

/** Clusters and their join tokens in memory. Each method runs to its end without a pause, so it is a transaction. */
export class InMemoryClusters implements Clusters {
  readonly #ids: Ids;
  readonly #clusters = new Map<string, StoredCluster>();
  readonly #tokens = new Map<string, StoredToken>();
  readonly #keys = new Map<string, StoredKey>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** All that there are, as the planner reads them. */
  all(): readonly StoredCluster[] {
    return [...this.#clusters.values()];
  }

  async join({ project, name, labels, tokenHash, expiresAt }: Parameters<Clusters['join']>[0]): Promise<ClusterRecord> {
    const stored = this.#named(project, name);
    const uid = stored?.uid ?? this.#ids.next();
    this.#clusters.set(uid, { ...stored, uid, project, name, labels: withName(labels ?? stored?.labels ?? {}, name) });
    for (const [hash, { cluster }] of this.#tokens) if (cluster === uid) this.#tokens.delete(hash);
    this.#tokens.set(tokenHash, { cluster: uid, expiresAt });
    return { uid, project, name };
  }

  async enrol(attempt: JoinAttempt): Promise<Outcome<ClusterRecord, JoinRefusal>> {
    const token = this.#tokens.get(attempt.tokenHash);
    if (!token) return refused('unknown');
    const { kubernetesUid, ...cluster } = this.#clusters.get(token.cluster)!;
    const isKeyTaken = this.#keys.has(attempt.userKey);
    const refusal = joinRefusal({ ...token, kubernetesUid, isKeyTaken }, attempt);
    if (refusal) return refused(refusal);
    if (!token.usedBy) this.#revokeKeys(cluster.uid);
    this.#tokens.set(attempt.tokenHash, { ...token, usedBy: attempt.userKey });
    if (!isKeyTaken) this.#keys.set(attempt.userKey, { cluster: cluster.uid, isRevoked: false });
    this.#clusters.set(cluster.uid, { ...cluster, kubernetesUid: attempt.kubernetesUid, isRevoked: false });
    return done({ uid: cluster.uid, project: cluster.project, name: cluster.name });
  }

  async renew(attempt: RenewalAttempt): Promise<Outcome<ClusterRecord, RenewalRefusal>> {
    const { userKey, nextKey } = attempt;
    const refusal = renewalRefusal(this.#key(userKey), this.#key(nextKey), attempt);
    if (refusal) return refused(refusal);
    this.#keys.set(userKey, { ...this.#keys.get(userKey)!, successor: nextKey });
    this.#keys.set(nextKey, { cluster: attempt.cluster, isRevoked: false });
    const { uid, project, name } = this.#clusters.get(attempt.cluster)!;
    return done({ uid, project, name });
  }

  async revoke({ project, name }: Parameters<Clusters['revoke']>[0]): Promise<ClusterRecord | undefined> {
    const stored = this.#named(project, name);
    if (!stored) return undefined;
    this.#revokeKeys(stored.uid);
    for (const [hash, { cluster }] of this.#tokens) if (cluster === stored.uid) this.#tokens.delete(hash);
    this.#clusters.set(stored.uid, { ...stored, isRevoked: true });
    return { uid: stored.uid, project, name };
  }

  async label({ project, name, labels }: Parameters<Clusters['label']>[0]): Promise<ClusterRecord | undefined> {
    const stored = this.#named(project, name);
    if (!stored) return undefined;
    this.#clusters.set(stored.uid, { ...stored, labels: withName(labels, name) });
    return { uid: stored.uid, project, name };
  }

  async forget({ project, name }: ForgetCluster): Promise<ClusterRecord | undefined> {
    const stored = this.#named(project, name);
    if (!stored) return undefined;
    this.#clusters.delete(stored.uid);
    for (const [hash, { cluster }] of this.#tokens) if (cluster === stored.uid) this.#tokens.delete(hash);
    this.#revokeKeys(stored.uid);
    return { uid: stored.uid, project, name };
  }

  #key(userKey: string): KnownKey | undefined {
    const key = this.#keys.get(userKey);
    return key && { ...key, kubernetesUid: this.#clusters.get(key.cluster)?.kubernetesUid };
  }

  #revokeKeys(cluster: string): void {
    for (const [userKey, key] of this.#keys) {
      if (key.cluster === cluster) this.#keys.set(userKey, { ...key, isRevoked: true });
    }
  }

  #named(project: string, name: string): StoredCluster | undefined {
    return this.all().find((cluster) => cluster.project === project && cluster.name === name);
  }
}

function withName(labels: Labels, name: string): Labels {
  return { ...labels, [clusterNameLabel]: name };
}
