import type { ClusterFacts, Fence } from '@flotilla/model';

/** What a hello says, with the cluster that the server-checked subject named. */
export interface HelloHeard {
  readonly cluster: string;
  readonly at: number;
  readonly instance: string;
  readonly leaseTransitions: number;
  readonly kubernetesUid?: string | undefined;
  /** The key that it speaks with, as it says. */
  readonly userKey?: string | undefined;
  readonly protocol: number;
  readonly fence: Fence;
  readonly setDigest: string;
  readonly statusDigest: string;
  readonly facts: ClusterFacts;
}

/** Why somebody who speaks under a cluster's identity is not believed. */
export type IntruderCode = 'IdentityElsewhere' | 'IdentityDoubled';

/** Somebody who is not believed, and why. */
export interface Intruder {
  readonly cluster: string;
  readonly instance: string;
  readonly code: IntruderCode;
  readonly at: number;
}

/** What followed from a batch of hellos. */
export interface HellosStored {
  /** Clusters that were not connected before. Of replicas that hear the same, one is told. */
  readonly connected: readonly string[];
  /** Clusters whose stored status is not what the agent believes is stored: they are asked to send everything. */
  readonly astray: readonly string[];
  /** Those who spoke under an identity that another one speaks under: they are told to change nothing. */
  readonly intruders: readonly Intruder[];
}

/**
 * Who was heard, and when: one narrow row a cluster, written in one statement a second. Every replica hears every
 * hello, so that one that cannot store what it hears makes nobody look silent; what another one stored a moment ago is
 * not stored again. A cluster that was revoked is not heard at all.
 */
export interface Liveness {
  heard(hellos: readonly HelloHeard[]): Promise<HellosStored>;
  /** Marks the clusters that were silent since `silentSince` as lost and returns those that were not before. */
  lose(silentSince: number): Promise<readonly string[]>;
  /** This replica listens: without any such sign the fleet shows as deaf, not as lost. */
  listening(listener: string, now: number): Promise<void>;
}
