import { Redacted } from '@flotilla/foundation';
import { HeldIdentity } from '../keep/held-identity.ts';
import type { Identity } from '../keep/identity-keeper.ts';
import { TestOrderKey } from './order-key.ts';

/** The identity of a cluster as tests enrol it. */
export function identityOf(over: Partial<Identity> = {}): Identity {
  return {
    cluster: 'cluster1',
    name: 'c1',
    project: 'shop',
    userJwt: '',
    userSeed: new Redacted('seed of U1'),
    servers: ['nats://localhost:4222'],
    orderKeys: [new TestOrderKey().publicKey],
    expiresAt: '',
    renderKey: new Redacted(Buffer.alloc(32, 7)),
    ...over,
  };
}

/** An identity that is kept nowhere but here; each kept version is noted. */
export function heldIdentity(over: Partial<Identity> = {}, kept: Identity[] = []): HeldIdentity {
  return new HeldIdentity(identityOf(over), { save: async (identity) => void kept.push(identity) });
}
