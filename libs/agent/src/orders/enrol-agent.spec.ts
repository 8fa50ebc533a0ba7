import { beforeEach, expect, it } from 'vitest';
import type { EnrolAnswer, EnrolRequest } from '@flotilla/contracts';
import { Fault, Redacted } from '@flotilla/foundation';
import { IdentityKeeper } from '../keep/identity-keeper.ts';
import { agentObjects } from '../names.ts';
import { TestOrderKey } from '../testing/order-key.ts';
import { TargetWorld } from '../testing/target-world.ts';
import { enrolAgent } from './enrol-agent.ts';

const answer: EnrolAnswer = {
  cluster: 'cluster1',
  project: 'shop',
  name: 'c1',
  userJwt: 'jwt',
  servers: ['nats://localhost:4222'],
  orderKeys: [new TestOrderKey().publicKey],
  keyList: 0,
  expiresAt: '2026-04-01T00:00:00.000Z',
};
let world: TargetWorld;
let asked: EnrolRequest[];

beforeEach(async () => {
  world = await TargetWorld.open();
  asked = [];
});

interface Coming {
  readonly joinToken?: Redacted | null;
  readonly fault?: Fault;
  readonly kubernetesUid?: string;
  readonly answers?: EnrolAnswer;
}

function enrol({ joinToken = new Redacted('join'), fault, kubernetesUid = 'k1', answers = answer }: Coming = {}) {
  return enrolAgent({
    identities: new IdentityKeeper(world.failing.cluster, agentObjects.namespace),
    joinToken: joinToken ?? undefined,
    createKey: () => ({ publicKey: 'UPUBLIC', seed: 'SUSEED', sign: () => new Uint8Array() }),
    kubernetesUid,
    frontDoor: 'https://flotilla.example.org',
    request: async (request) => {
      asked.push(request);
      if (fault) throw fault;
      return answers;
    },
  });
}

const words = ({ userSeed, renderKey, ...identity }: Awaited<ReturnType<typeof enrol>>) => ({
  ...identity,
  seed: userSeed.reveal(),
  renderKey: renderKey.reveal().toString('hex'),
});

it('brings a token and the public half of a key, and keeps who it is', async () => {
  const first = await enrol();
  const again = await enrol({ joinToken: null });
  expect(asked).toEqual([{ token: 'join', userKey: 'UPUBLIC', kubernetesUid: 'k1' }]);
  expect(words(again)).toEqual(words(first));
  expect(words(first)).toMatchObject({
    ...answer,
    kubernetesUid: 'k1',
    frontDoor: 'https://flotilla.example.org',
    seed: 'SUSEED',
    renderKey: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

it('AT-24 keeps of the token no more than its digest', async () => {
  const { namespace } = agentObjects;
  await enrol({ joinToken: new Redacted('canary-token') });
  const held = JSON.stringify(world.api.peek({ group: '', kind: 'Secret', namespace, name: agentObjects.identity }));
  expect([held.includes('canary-token'), held.includes(Buffer.from('canary-token').toString('base64'))]).toEqual([
    false,
    false,
  ]);
});

it('begins anew with another token, and keeps the key that its digests are made with', async () => {
  const first = await enrol();
  const second = await enrol({ joinToken: new Redacted('second'), answers: { ...answer, userJwt: 'another' } });
  const third = await enrol({ joinToken: new Redacted('second') });
  expect([asked.map(({ token }) => token), second.userJwt, third.userJwt]).toEqual([
    ['join', 'second'],
    'another',
    'another',
  ]);
  expect(second.renderKey.reveal()).toEqual(first.renderKey.reveal());
});

it('goes on with what it has when a token was used up long ago', async () => {
  await enrol();
  const fault = new Fault({ code: 'forbidden', reason: 'JoinTokenRefused', message: 'used' });
  expect((await enrol({ joinToken: new Redacted('old'), fault })).userJwt).toBe('jwt');
});

it('is not led into the place of another cluster, whose objects it holds', async () => {
  await enrol();
  const answers = { ...answer, cluster: 'cluster2', name: 'c2' };
  await expect(enrol({ joinToken: new Redacted('second'), answers })).rejects.toMatchObject({
    reason: 'IdentityOfAnother',
    consequence: { kind: 'stall' },
  });
});

it('AT-26 does not speak in another Kubernetes cluster, where a backup may have carried it', async () => {
  await enrol();
  await expect(enrol({ joinToken: null, kubernetesUid: 'k2' })).rejects.toMatchObject({
    reason: 'IdentityElsewhere',
    message: expect.stringContaining('flotilla cluster join c1'),
  });
  expect((await enrol({ joinToken: new Redacted('second'), kubernetesUid: 'k2' })).kubernetesUid).toBe('k2');
});

it('without a token and without an identity it says how to come by one', async () => {
  await expect(
    enrol({ joinToken: null }).catch((error: Fault) => [error.reason, error.consequence.kind, error.message]),
  ).resolves.toEqual(['NotEnrolled', 'stall', expect.stringContaining('flotilla cluster join')]);
});

it('what is refused leaves nothing behind', async () => {
  const fault = new Fault({ code: 'forbidden', reason: 'JoinTokenUsed', message: 'used' });
  await expect(enrol({ fault })).rejects.toBe(fault);
  expect(world.api.writes).toEqual([]);
});

it('an identity that cannot be kept is not acted on', async () => {
  world.failing.fail({ on: 'apply Secret' });
  await expect(enrol()).rejects.toMatchObject({ reason: 'ApiServerUnavailable' });
});
