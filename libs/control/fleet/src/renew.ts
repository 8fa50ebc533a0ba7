import { Fault, isoTime } from '@flotilla/foundation';
import { credentialLifeMs, type Enrolled, type EnrolPorts } from './enrol.ts';

/** A renewal as it was read; the signatures of both keys over it hold. */
export interface SignedRenewal {
  readonly at: string;
  readonly account: string;
  readonly cluster: string;
  readonly kubernetesUid: string;
  readonly userKey: string;
  readonly nextKey: string;
}

/** What renewal needs: the record, who signs, the time, and the accounts under which identities were ever issued. */
export interface RenewPorts extends EnrolPorts {
  readonly accounts: readonly string[];
}

/** A clock that is this far off breaks more than renewals. */
const skewMaxMs = 3_600_000;

/**
 * Exchanges a key that is on record for another one of the same cluster, with an identity of its own. Whatever is wrong
 * with it, the caller learns only that it is not renewed, and the way back in.
 */
export async function renew(ports: RenewPorts, renewal: SignedRenewal): Promise<Enrolled> {
  const { clusters, issuer, clock, lifeMs = credentialLifeMs } = ports;
  const { cluster, kubernetesUid, userKey, nextKey } = renewal;
  const now = clock.now();
  if (!(Math.abs(Date.parse(renewal.at) - now) <= skewMaxMs)) throw untimely(now);
  if (!ports.accounts.includes(renewal.account)) throw renewalRefused();
  const expiresAt = now + lifeMs;
  const renewed = await clusters.renew({ cluster, kubernetesUid, userKey, nextKey, now, expiresAt });
  if (!renewed.ok) throw renewalRefused();
  const userJwt = await issuer.issue({ cluster, userKey: nextKey, expiresAt });
  return { cluster: renewed.value, userJwt, expiresAt: isoTime(expiresAt) };
}

/** What everybody is told whose renewal is refused, whatever is wrong with it. */
export function renewalRefused(): Fault {
  const message = 'this key is not renewed; let the cluster in again with: flotilla cluster join NAME';
  return new Fault({ code: 'forbidden', reason: 'RenewalRefused', message });
}

function untimely(now: number): Fault {
  const message = `the renewal is not of this hour: it is ${isoTime(now)} here; set the clock of the cluster`;
  return new Fault({ code: 'forbidden', reason: 'RenewalUntimely', message });
}
