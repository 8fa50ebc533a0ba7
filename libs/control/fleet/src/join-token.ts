import { randomBytes } from 'node:crypto';
import { Redacted } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { JoinAttempt, JoinRefusal } from './clusters.port.ts';

/** How long a join token is good for. */
export const joinTokenLifeMs = 3_600_000;

/** A join token while it is shown, once. */
export interface NewJoinToken {
  readonly token: Redacted;
  /** All that is stored. */
  readonly hash: string;
}

/** 256 random bits; the prefix makes a leaked one easy to search for. */
export function newJoinToken(): NewJoinToken {
  const token = `flj_${randomBytes(32).toString('base64url')}`;
  return { token: new Redacted(token), hash: joinTokenHash(token) };
}

/** All that is kept of a join token. */
export function joinTokenHash(token: string): string {
  return sha256(token);
}

/** A join token as it is stored, with the Kubernetes cluster that it let in. */
export interface KnownJoinToken {
  readonly expiresAt: number;
  readonly usedBy?: string | undefined;
  readonly kubernetesUid?: string | undefined;
  /** The key that is brought stands on record already, for whatever cluster. */
  readonly isKeyTaken?: boolean;
}

/**
 * Why a token that is known does not open the door. Within its hour, the same key may come again from the same
 * Kubernetes cluster: its answer may have been lost on the way.
 */
export function joinRefusal(token: KnownJoinToken, attempt: JoinAttempt): JoinRefusal | undefined {
  if (token.expiresAt <= attempt.now) return 'expired';
  // A key is one cluster's, once: one that comes with a new token would bring its old identities back to life.
  if (token.usedBy === undefined) return token.isKeyTaken ? 'key-taken' : undefined;
  const isSame = token.usedBy === attempt.userKey && token.kubernetesUid === attempt.kubernetesUid;
  return isSame ? undefined : 'used';
}
