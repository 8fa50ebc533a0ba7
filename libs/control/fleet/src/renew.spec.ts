import { assert, asyncProperty, boolean, string, tuple, uniqueArray } from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { countingIds, Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { systemActor } from '@flotilla/model';
import { enrol } from './enrol.ts';
import { newJoinToken } from './join-token.ts';
import { renew, type RenewPorts, type SignedRenewal } from './renew.ts';
import { InMemoryClusters } from './testing/in-memory-clusters.ts';

const day = 86_400_000;
let clock: VirtualClock;
let line: Trouble;
let clusters: InMemoryClusters;
let ports: RenewPorts;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  line = new Trouble();
  clusters = new InMemoryClusters(countingIds('cluster'));
  const issuer = line.over({
    issue: async ({ cluster, userKey }: { cluster: string; userKey: string }) => `jwt of ${userKey} for ${cluster}`,
  });
  ports = { clusters, issuer, clock, accounts: ['AGENTS'] };
});

/** Lets a cluster in and returns how its agent asks for its second key. */
async function letIn(name: string): Promise<Omit<SignedRenewal, 'at'>> {
  const { token, hash } = newJoinToken();
  const expiresAt = clock.now() + 3_600_000;
  await clusters.join({ project: 'shop', name, tokenHash: hash, expiresAt, by: systemActor('test') });
  const asked = { token: token.reveal(), userKey: `U ${name}`, kubernetesUid: `k ${name}` };
  const { cluster } = await enrol(ports, asked);
  const { userKey, kubernetesUid } = asked;
  return { account: 'AGENTS', cluster: cluster.uid, kubernetesUid, userKey, nextKey: `U ${name} next` };
}

const ask = (renewal: Omit<SignedRenewal, 'at'>, at = new Date(clock.now()).toISOString()) =>
  renew(ports, { ...renewal, at });
const refused = {
  code: 'forbidden',
  reason: 'RenewalRefused',
  message: 'this key is not renewed; let the cluster in again with: flotilla cluster join NAME',
};

describe('AT-25: renewing', () => {
  it('exchanges a key on record for another, with an identity of the same cluster for ninety days', async () => {
    const mine = await letIn('prod');
    await clock.advance(30 * day);
    expect(await ask(mine)).toEqual({
      cluster: { uid: mine.cluster, project: 'shop', name: 'prod' },
      userJwt: `jwt of U prod next for ${mine.cluster}`,
      expiresAt: '2026-05-01T00:00:00.000Z',
    });
  });

  it('is open after a long outage: what counts is the key, not when its identity ran out', async () => {
    const mine = await letIn('prod');
    await clock.advance(1_000 * day);
    expect((await ask(mine)).userJwt).toBe(`jwt of U prod next for ${mine.cluster}`);
  });

  it('that broke between the record and the identity succeeds with the same key, and fails with another', async () => {
    const mine = await letIn('prod');
    line.fail('before', 1);
    await expect(ask(mine)).rejects.toMatchObject({ reason: 'LineBroken' });
    await expect(ask({ ...mine, nextKey: 'U another' })).rejects.toMatchObject(refused);
    expect((await ask(mine)).userJwt).toContain('U prod next');
  });

  const likenesses = [
    'prodx',
    'prod2',
    'pro',
    'prod:extra',
    '',
    'рrod',
    'prod\n',
    ' prod',
    'PROD',
    'prod,dev',
    'prod\0',
  ];
  const parts = ['account', 'cluster', 'kubernetesUid', 'userKey'] as const;

  it.each(parts.flatMap((part) => likenesses.map((likeness) => ({ part, likeness }))))(
    'is refused for what only looks alike: $part $likeness',
    async ({ part, likeness }) => {
      const mine = await letIn('prod');
      for (const name of ['prodx', 'prod2', 'pro']) await letIn(name);
      const own = part === 'account' ? 'AGENTS' : mine[part];
      const tried = likeness.includes('prod') ? likeness.replace('prod', own) : likeness;
      await expect(ask({ ...mine, [part]: tried })).rejects.toMatchObject(refused);
      expect((await ask(mine)).cluster.name).toBe('prod');
    },
  );

  it.each([
    ['never enrolled', async (mine: SignedRenewal) => ({ ...mine, userKey: 'U unknown' })],
    ['recorded, but with its token unused', async (mine: SignedRenewal) => joinedOnly(mine)],
    ['revoked', async (mine: SignedRenewal) => revoked(mine)],
    ['superseded by another', async (mine: SignedRenewal) => (await ask(mine), { ...mine, nextKey: 'U third' })],
    ['to be followed by itself', async (mine: SignedRenewal) => ({ ...mine, nextKey: mine.userKey })],
  ])('is refused to a key that is %s', async (_, change) => {
    const mine = { ...(await letIn('prod')), at: '' };
    const { at: _at, ...tried } = await change(mine);
    await expect(ask(tried)).rejects.toMatchObject(refused);
  });

  async function joinedOnly(mine: SignedRenewal): Promise<SignedRenewal> {
    const [tokenHash, expiresAt] = ['hash', clock.now() + 1_000];
    const { uid } = await clusters.join({
      project: 'shop',
      name: 'new',
      tokenHash,
      expiresAt,
      by: systemActor('test'),
    });
    return { ...mine, cluster: uid, userKey: 'U new' };
  }

  async function revoked(mine: SignedRenewal): Promise<SignedRenewal> {
    await clusters.revoke({ project: 'shop', name: 'prod', reason: 'stolen', by: systemActor('test') });
    return mine;
  }

  it.each(['', 'yesterday', '2025-12-31T22:59:59.999Z', '2026-01-01T01:00:00.001Z'])(
    'is refused when it was signed at %j, with the time as it is here',
    async (at) => {
      const mine = await letIn('prod');
      await expect(ask(mine, at)).rejects.toMatchObject({
        reason: 'RenewalUntimely',
        message: expect.stringContaining('2026-01-01T00:00:00.000Z'),
      });
    },
  );

  it('of any two clusters, no mixture of what they were enrolled as is renewed', async () => {
    const names = uniqueArray(string({ minLength: 1 }), { minLength: 2, maxLength: 2 });
    const fromWhich = tuple(boolean(), boolean(), boolean());
    await assert(
      asyncProperty(names, fromWhich, async ([x, y], picks) => {
        ports = { ...ports, clusters: (clusters = new InMemoryClusters(countingIds('cluster'))) };
        const pair = [await letIn(x!), await letIn(y!)] as const;
        const [cluster, kubernetesUid, userKey] = picks.map((pick) => pair[pick ? 0 : 1]) as [Tried, Tried, Tried];
        const mixture = { ...cluster, kubernetesUid: kubernetesUid.kubernetesUid, userKey: userKey.userKey };
        const renewed = await ask({ ...mixture, nextKey: 'U new' }).then(
          (answer) => answer.userJwt,
          () => 'refused',
        );
        const isWhole = cluster === kubernetesUid && cluster === userKey;
        expect(renewed).toBe(isWhole ? `jwt of U new for ${cluster.cluster}` : 'refused');
      }),
      { numRuns: 1_000 },
    );
  });
});

type Tried = Awaited<ReturnType<typeof letIn>>;
