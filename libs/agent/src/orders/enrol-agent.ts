import { randomBytes } from 'node:crypto';
import type { EnrolAnswer, EnrolRequest } from '@flotilla/contracts';
import { Fault, Redacted, toFault } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { Identity, IdentityKeeper } from '../keep/identity-keeper.ts';

/** A key pair for NATS, made here. */
export interface UserKey {
  readonly publicKey: string;
  readonly seed: string;
  readonly sign: (data: Uint8Array) => Uint8Array;
}

export interface EnrolAgentOptions {
  readonly identities: IdentityKeeper;
  readonly joinToken: Redacted | undefined;
  readonly createKey: () => UserKey;
  /** The UID of kube-system: it stands for the cluster, is as old, and nobody makes it twice. */
  readonly kubernetesUid: string;
  readonly frontDoor?: string | undefined;
  /** Asks the control plane's front door. */
  readonly request: (request: EnrolRequest) => Promise<EnrolAnswer>;
}

/**
 * Who this cluster is: what the Secret says, or what a join token is exchanged for. A token that the identity was not
 * given for is a new beginning; one that is refused, while there is an identity, was used up long ago.
 */
export async function enrolAgent(options: EnrolAgentOptions): Promise<Identity> {
  const { identities, joinToken, kubernetesUid } = options;
  const known = await identities.load();
  if (!joinToken) return known ? ownIdentity(known, kubernetesUid) : Promise.reject(noToken());
  if (known?.tokenDigest === sha256(joinToken.reveal())) return ownIdentity(known, kubernetesUid);
  try {
    return await enter(options, joinToken, known);
  } catch (error) {
    if (!known || toFault(error).code !== 'forbidden') throw error;
    return ownIdentity(known, kubernetesUid);
  }
}

async function enter(options: EnrolAgentOptions, token: Redacted, known: Identity | undefined): Promise<Identity> {
  const { identities, createKey, kubernetesUid, frontDoor, request } = options;
  const key = createKey();
  const answer = await request({ token: token.reveal(), userKey: key.publicKey, kubernetesUid });
  if (known && known.cluster !== answer.cluster) throw otherCluster(known.name, answer.name);
  const identity: Identity = {
    ...answer,
    userSeed: new Redacted(key.seed),
    kubernetesUid,
    tokenDigest: sha256(token.reveal()),
    ...(frontDoor && { frontDoor }),
    renderKey: known?.renderKey ?? new Redacted(randomBytes(32)),
  };
  await identities.save(identity);
  return identity;
}

/** A Secret that was carried to another cluster, by a backup for one, must not speak there for the one it is from. */
function ownIdentity(known: Identity, kubernetesUid: string): Identity {
  if (!known.kubernetesUid || known.kubernetesUid === kubernetesUid) return known;
  throw new Fault({
    code: 'forbidden',
    reason: 'IdentityElsewhere',
    message: `the identity of ${known.name} was given to another Kubernetes cluster than this; if ${known.name} lives here now, make a join token with: flotilla cluster join ${known.name}, and set JOIN_TOKEN; if not, delete the namespace of this agent`,
    consequence: { kind: 'stall', until: 'this cluster is given an identity of its own' },
  });
}

function otherCluster(before: string, now: string): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'IdentityOfAnother',
    message: `this cluster is ${before}, and the join token is for ${now}; what runs here belongs to ${before}. Delete the namespace of the agent to begin anew`,
    consequence: { kind: 'stall', until: 'the namespace of the agent is deleted' },
  });
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
