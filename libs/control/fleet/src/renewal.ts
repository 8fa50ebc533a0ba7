/** What a renewal says: who asks, as it was enrolled, and the key that shall speak from now on. Both keys signed it. */
export interface RenewalAttempt {
  readonly cluster: string;
  readonly kubernetesUid: string;
  readonly userKey: string;
  readonly nextKey: string;
  readonly now: number;
  /** Until when the next key's identity lives. */
  readonly expiresAt: number;
}

/** Why a renewal is refused. The caller is told none of this; the ledger is. */
export type RenewalRefusal =
  | 'unknown-key'
  | 'other-cluster'
  | 'other-kubernetes'
  | 'revoked'
  | 'superseded'
  | 'key-taken';

/** A key as it stands on record, with the cluster that it was enrolled for. */
export interface KnownKey {
  readonly cluster: string;
  readonly kubernetesUid: string | undefined;
  readonly isRevoked: boolean;
  /** The key that took its place. */
  readonly successor?: string | undefined;
}

/**
 * Why a key may not be followed by another; `undefined` when it may. Only exactly what was enrolled is renewed. A key has
 * one successor: it may be named again, because an answer can be lost, and no other may be named in its place. How long
 * ago an identity expired does not matter: as long as its key is on record, a long outage locks nobody out.
 */
export function renewalRefusal(
  key: KnownKey | undefined,
  next: KnownKey | undefined,
  attempt: RenewalAttempt,
): RenewalRefusal | undefined {
  if (!key) return 'unknown-key';
  if (key.cluster !== attempt.cluster) return 'other-cluster';
  if (key.kubernetesUid !== attempt.kubernetesUid) return 'other-kubernetes';
  if (key.isRevoked) return 'revoked';
  if (key.successor !== undefined && key.successor !== attempt.nextKey) return 'superseded';
  if (!next) return undefined;
  const isOurs = key.successor === attempt.nextKey && next.cluster === attempt.cluster;
  if (!isOurs) return 'key-taken';
  if (next.isRevoked) return 'revoked';
  return next.successor === undefined ? undefined : 'superseded';
}
