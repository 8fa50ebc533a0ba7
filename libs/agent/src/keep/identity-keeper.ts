import { z } from 'zod';
import { orderKeySchema } from '@flotilla/contracts';
import { Fault, Redacted } from '@flotilla/foundation';
import { agentObjects } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/** Who this cluster is in the fleet. The keys were made here and never left. */
export const identitySchema = z.object({
  cluster: z.string(),
  name: z.string(),
  project: z.string(),
  userJwt: z.string(),
  userSeed: z.string().transform((seed) => new Redacted(seed)),
  servers: z.array(z.string()),
  certificateAuthority: z.string().optional(),
  orderKeys: z.array(orderKeySchema),
  expiresAt: z.string(),
  /** The number of the list of order keys that is believed. */
  keyList: z.int().optional(),
  /** The key that was made to follow this one; kept before it is named to anybody. */
  nextSeed: z
    .string()
    .transform((seed) => new Redacted(seed))
    .optional(),
  /** The Kubernetes cluster that it was given to. */
  kubernetesUid: z.string().optional(),
  /** The digest of the token that it was given for: another token is a new beginning. */
  tokenDigest: z.string().optional(),
  /** Where the control plane is asked when the broker keeps us out. */
  frontDoor: z.string().optional(),
  /** Keys the digests of what was rendered, so that they say nothing outside this cluster. */
  renderKey: z.base64().transform((key) => new Redacted(Buffer.from(key, 'base64'))),
});

export type Identity = z.output<typeof identitySchema>;

const dataKey = 'identity';

/** The identity, in a Secret of the agent's namespace. */
export class IdentityKeeper {
  readonly #cluster: ClusterApi;
  readonly #namespace: string;

  constructor(cluster: ClusterApi, namespace: string) {
    this.#cluster = cluster;
    this.#namespace = namespace;
  }

  async load(): Promise<Identity | undefined> {
    const secret = await this.#cluster.get({
      group: '',
      kind: 'Secret',
      namespace: this.#namespace,
      name: agentObjects.identity,
    });
    const data = (secret?.data as Record<string, string> | undefined)?.[dataKey];
    return data ? readIdentity(data) : undefined;
  }

  async save(identity: Identity): Promise<void> {
    const open = {
      ...identity,
      userSeed: identity.userSeed.reveal(),
      nextSeed: identity.nextSeed?.reveal(),
      renderKey: identity.renderKey.reveal().toString('base64'),
    };
    const data = { [dataKey]: Buffer.from(JSON.stringify(open)).toString('base64') };
    const metadata = { name: agentObjects.identity, namespace: this.#namespace };
    await this.#cluster.apply(
      { apiVersion: 'v1', kind: 'Secret', metadata, type: 'flotilla.dev/identity', data },
      { force: true },
    );
  }
}

/** What it holds is secret, and parsers quote what they cannot read: nothing of that is passed on. */
function readIdentity(data: string): Identity {
  try {
    return identitySchema.parse(JSON.parse(Buffer.from(data, 'base64').toString('utf8')));
  } catch {
    throw new Fault({
      code: 'invalid',
      reason: 'IdentityUnreadable',
      message: `the Secret ${agentObjects.identity} does not hold an identity; delete it and join the cluster again`,
    });
  }
}
