import { done, refused, type Ids, type Outcome } from '@flotilla/foundation';
import { clusterNameLabel, type Labels } from '@flotilla/model';
import type { ClusterRecord, Clusters, ForgetCluster, JoinAttempt, JoinRefusal } from '../clusters.port.ts';
import { joinRefusal } from '../join-token.ts';

interface StoredCluster extends ClusterRecord {
  readonly labels: Labels;
  readonly kubernetesUid?: string;
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
    const refusal = joinRefusal({ ...token, kubernetesUid }, attempt);
    if (refusal) return refused(refusal);
    this.#tokens.set(attempt.tokenHash, { ...token, usedBy: attempt.userKey });
    this.#clusters.set(cluster.uid, { ...cluster, kubernetesUid: attempt.kubernetesUid });
    return done({ uid: cluster.uid, project: cluster.project, name: cluster.name });
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
    return { uid: stored.uid, project, name };
  }

  #named(project: string, name: string): StoredCluster | undefined {
    return this.all().find((cluster) => cluster.project === project && cluster.name === name);
  }
}

function withName(labels: Labels, name: string): Labels {
  return { ...labels, [clusterNameLabel]: name };
}
