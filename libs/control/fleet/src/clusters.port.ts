import type { Outcome } from '@flotilla/foundation';
import type { Actor, Labels } from '@flotilla/model';
import type { RenewalAttempt, RenewalRefusal } from './renewal.ts';

/** A cluster by its identity and its names. */
export interface ClusterRecord {
  readonly uid: string;
  readonly project: string;
  readonly name: string;
}

/** Why a join token does not open the door. The caller is told none of this; the ledger is. */
export type JoinRefusal = 'unknown' | 'expired' | 'used' | 'key-taken';

/** What an agent that wants in brings with it; of its token only the hash comes this far. */
export interface JoinAttempt {
  readonly tokenHash: string;
  readonly userKey: string;
  readonly kubernetesUid: string;
  readonly now: number;
  /** Until when the identity lives that is given for it. */
  readonly expiresAt: number;
}

/** The order to take a cluster off the record. */
export interface ForgetCluster {
  readonly project: string;
  readonly name: string;
  /** Although its agent is heard: otherwise that is refused, because it is most likely the wrong name. */
  readonly evenConnected: boolean;
  readonly by: Actor;
}

/** The record of clusters and of who may speak for them. */
export interface Clusters {
  /**
   * Records the cluster if it is new, and a join token for it; older tokens of the cluster are void. Without labels, a
   * cluster that was there before keeps its own: a new token must not move it out of its environments.
   */
  join(options: {
    project: string;
    name: string;
    labels?: Labels | undefined;
    tokenHash: string;
    expiresAt: number;
    by: Actor;
  }): Promise<ClusterRecord>;
  /**
   * Uses up a join token for one key of one Kubernetes cluster, in one transaction. Until the token expires the same
   * may come again with it, because an answer can be lost; any other is refused. Every key that the cluster had before
   * is revoked, and the cluster is not any more.
   */
  enrol(attempt: JoinAttempt): Promise<Outcome<ClusterRecord, JoinRefusal>>;
  /** Puts another key in the place of one that is on record, in one transaction, or says why not. */
  renew(attempt: RenewalAttempt): Promise<Outcome<ClusterRecord, RenewalRefusal>>;
  /** Revokes every key of the cluster and voids its join tokens. From then on nothing that it says is stored. */
  revoke(options: { project: string; name: string; reason: string; by: Actor }): Promise<ClusterRecord | undefined>;
  /** Replaces the labels and marks every application of the project to be planned. */
  label(options: { project: string; name: string; labels: Labels; by: Actor }): Promise<ClusterRecord | undefined>;
  /**
   * Takes a cluster off the record. Nothing is deleted there; its name may be given again, to another cluster or to the
   * same one, which then is a new one.
   */
  forget(request: ForgetCluster): Promise<ClusterRecord | undefined>;
}
