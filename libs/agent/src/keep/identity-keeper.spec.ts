import { expect, it } from 'vitest';
import { inspect } from 'node:util';
import { Redacted } from '@flotilla/foundation';
import { agentObjects } from '../names.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { IdentityKeeper, type Identity } from './identity-keeper.ts';

const identity: Identity = {
  cluster: 'cluster1',
  name: 'c1',
  project: 'shop',
  userJwt: 'jwt',
  userSeed: new Redacted('canary-seed'),
  servers: ['nats://localhost:4222'],
  orderKeys: [{ id: 'k', publicKey: 'p' }],
  expiresAt: '2026-04-01',
  renderKey: new Redacted(Buffer.from('canary-key')),
};
const key = { group: '', kind: 'Secret', namespace: agentObjects.namespace, name: agentObjects.identity };

it('gives back what it kept; its secrets show themselves to nobody who does not ask for them', async () => {
  const world = await TargetWorld.open();
  const keeper = new IdentityKeeper(world.api, agentObjects.namespace);
  await keeper.save(identity);
  const loaded = (await keeper.load())!;
  expect([loaded.userSeed.reveal(), loaded.renderKey.reveal().toString()]).toEqual(['canary-seed', 'canary-key']);
  expect(`${inspect(loaded, { depth: 9 })} ${JSON.stringify(loaded)}`).not.toContain('canary');
});

it('no identity is not a broken one: what cannot be read is refused, and quotes nothing', async () => {
  const world = await TargetWorld.open();
  const keeper = new IdentityKeeper(world.api, agentObjects.namespace);
  const none = await keeper.load();
  await keeper.save(identity);
  await world.people.mergePatch(key, { data: { identity: Buffer.from('canary-seed, cut').toString('base64') } });
  const error = await keeper.load().catch((thrown: Error) => thrown);
  expect([none, inspect(error).includes('canary'), error]).toEqual([
    undefined,
    false,
    expect.objectContaining({ reason: 'IdentityUnreadable' }),
  ]);
});
