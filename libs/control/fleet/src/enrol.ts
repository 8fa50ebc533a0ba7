import { Fault, isoTime, type Clock } from '@flotilla/foundation';
import { joinTokenHash } from './join-token.ts';
import type { ClusterRecord, Clusters } from './clusters.port.ts';

/** How long an agent's credentials live. */
export const credentialLifeMs = 90 * 86_400_000;

/** Signs an identity for a key that was made in the cluster. */
export interface IdentityIssuer {
  issue(options: { cluster: string; userKey: string; expiresAt: number }): Promise<string>;
}

/** What enrolment needs: who may come, who signs, and the time. */
export interface EnrolPorts {
  readonly clusters: Clusters;
  readonly issuer: IdentityIssuer;
  readonly clock: Clock;
  /** How long an identity lives, where it is not ninety days. */
  readonly lifeMs?: number;
}

/** A cluster that is in, with the identity that its agent speaks under. */
export interface Enrolled {
  readonly cluster: ClusterRecord;
  readonly userJwt: string;
  readonly expiresAt: string;
}

/** Exchanges a join token for an identity. Whatever is wrong with the token, the caller learns only that it is. */
export async function enrol(
  { clusters, issuer, clock, lifeMs = credentialLifeMs }: EnrolPorts,
  request: { token: string; userKey: string; kubernetesUid: string },
): Promise<Enrolled> {
  const { token, userKey, kubernetesUid } = request;
  const now = clock.now();
  const expiresAt = now + lifeMs;
  const joined = await clusters.enrol({ tokenHash: joinTokenHash(token), userKey, kubernetesUid, now, expiresAt });
  if (!joined.ok) {
    throw new Fault({
      code: 'forbidden',
      reason: 'JoinTokenRefused',
      message: 'this join token is not valid; make a new one with: flotilla cluster join NAME',
    });
  }
  const userJwt = await issuer.issue({ cluster: joined.value.uid, userKey, expiresAt });
  return { cluster: joined.value, userJwt, expiresAt: isoTime(expiresAt) };
}
