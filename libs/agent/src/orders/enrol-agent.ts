import { randomBytes } from 'node:crypto';
import type { EnrolAnswer, EnrolRequest } from '@flotilla/contracts';
import { Fault, Redacted } from '@flotilla/foundation';
import type { Identity, IdentityKeeper } from '../keep/identity-keeper.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** A key pair for NATS, made here. */
export interface UserKey {
  readonly publicKey: string;
  readonly seed: string;
}

export interface EnrolAgentOptions {
  readonly cluster: ClusterApi;
  readonly identities: IdentityKeeper;
  readonly joinToken: Redacted | undefined;
  readonly createKey: () => UserKey;
  /** Asks the control plane's front door. */
  readonly request: (request: EnrolRequest) => Promise<EnrolAnswer>;
}

/** Who this cluster is: what the Secret says, or what a join token is exchanged for. */
export async function enrolAgent(options: EnrolAgentOptions): Promise<Identity> {
  const { cluster, identities, joinToken, createKey, request } = options;
  const known = await identities.load();
  if (known) return known;
  if (!joinToken) throw noToken();
  const key = createKey();
  const kubernetesUid = await uidOfCluster(cluster);
  const answer = await request({ token: joinToken.reveal(), userKey: key.publicKey, kubernetesUid });
  const { cluster: uid, orderKeys, ...rest } = answer;
  const identity: Identity = {
    ...rest,
    cluster: uid,
    orderKeys,
    userSeed: new Redacted(key.seed),
    renderKey: new Redacted(randomBytes(32)),
  };
  await identities.save(identity);
  return identity;
}

/** The UID of kube-system stands for the cluster: it is as old, and nobody makes it twice. */
async function uidOfCluster(cluster: ClusterApi): Promise<string> {
  const namespace = await cluster.get({ group: '', kind: 'Namespace', name: 'kube-system' });
  return namespace?.metadata.uid ?? 'unknown';
}

function noToken(): Fault {
  return new Fault({
    code: 'unauthenticated',
    reason: 'NotEnrolled',
    message:
      'this cluster is not enrolled and there is no join token; make one with: flotilla cluster join NAME, and set JOIN_TOKEN',
    consequence: { kind: 'stall', until: 'a join token is given' },
  });
}
