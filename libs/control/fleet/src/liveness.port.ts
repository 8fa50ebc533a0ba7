import type { ClusterFacts, Fence } from '@flotilla/model';

/** What a hello says, with the cluster that the server-checked subject named. */
export interface HelloHeard {
  readonly cluster: string;
  readonly at: number;
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly protocol: number;
  readonly fence: Fence;
  readonly setDigest: string;
  readonly statusDigest: string;
  readonly facts: ClusterFacts;
}

export interface HellosStored {
  /** Clusters that were not connected before. */
  readonly connected: readonly string[];
  /** Clusters whose stored status is not what the agent believes is stored: they are asked to send everything. */
  readonly astray: readonly string[];
}

/** Who was heard, and when: one narrow row a cluster, written in one statement a second. */
export interface Liveness {
  heard(hellos: readonly HelloHeard[]): Promise<HellosStored>;
  /** Marks the clusters that were silent since `silentSince` as lost and returns those that were not before. */
  lose(silentSince: number): Promise<readonly string[]>;
  /** This replica listens: without any such sign the fleet shows as deaf, not as lost. */
  listening(listener: string, now: number): Promise<void>;
}
