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
  expiresAt: '2026-04-01T00:00:00.000Z',
};
let world: TargetWorld;
let asked: EnrolRequest[];

beforeEach(async () => {
  world = await TargetWorld.open();
  asked = [];
});

function enrol({ joinToken = new Redacted('join'), fault }: { joinToken?: Redacted | null; fault?: Fault } = {}) {
  return enrolAgent({
    cluster: world.failing.cluster,
    identities: new IdentityKeeper(world.failing.cluster, agentObjects.namespace),
    joinToken: joinToken ?? undefined,
    createKey: () => ({ publicKey: 'UPUBLIC', seed: 'SUSEED' }),
    request: async (request) => {
      asked.push(request);
      if (fault) throw fault;
      return answer;
    },
  });
}

const words = ({ userSeed, renderKey, ...identity }: Awaited<ReturnType<typeof enrol>>) => ({
  ...identity,
  seed: userSeed.reveal(),
  renderKey: renderKey.reveal().toString('hex'),
});

it('brings a token and the public half of a key, and keeps who it is', async () => {
  await world.people.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } });
  const { uid } = world.api.peek({ group: '', kind: 'Namespace', name: 'kube-system' })!.metadata;
  const first = await enrol();
  const again = await enrol({ joinToken: null });
  expect(asked).toEqual([{ token: 'join', userKey: 'UPUBLIC', kubernetesUid: uid }]);
  expect(words(again)).toEqual(words(first));
  expect(words(first)).toMatchObject({ ...answer, seed: 'SUSEED', renderKey: expect.stringMatching(/^[0-9a-f]{64}$/) });
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
