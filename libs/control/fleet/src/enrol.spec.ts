import { beforeEach, describe, expect, it } from 'vitest';
import { countingIds, Trouble, VirtualClock } from '@flotilla/foundation/testing';
import { systemActor } from '@flotilla/model';
import { enrol, type EnrolPorts } from './enrol.ts';
import { newJoinToken } from './join-token.ts';
import { InMemoryClusters } from './testing/in-memory-clusters.ts';

let clock: VirtualClock;
let line: Trouble;
let ports: EnrolPorts;
let token: string;

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  line = new Trouble();
  const clusters = new InMemoryClusters(countingIds('cluster'));
  const issuer = line.over({
    issue: async ({ cluster, userKey }: { cluster: string; userKey: string }) => `jwt of ${userKey} for ${cluster}`,
  });
  ports = { clusters, issuer, clock };
  const made = newJoinToken();
  token = made.token.reveal();
  const expiresAt = clock.now() + 3_600_000;
  await clusters.join({ project: 'shop', name: 'c1', tokenHash: made.hash, expiresAt, by: systemActor('test') });
});

const come = (userKey: string, text = token) => enrol(ports, { token: text, userKey, kubernetesUid: 'k1' });
const refused = {
  code: 'forbidden',
  reason: 'JoinTokenRefused',
  message: 'this join token is not valid; make a new one with: flotilla cluster join NAME',
};

describe('AT-24: enrolling', () => {
  it('exchanges a token for an identity of the cluster that the token is for, good for 90 days', async () => {
    expect(await come('U1')).toEqual({
      cluster: { uid: 'cluster-1', project: 'shop', name: 'c1' },
      userJwt: 'jwt of U1 for cluster-1',
      expiresAt: '2026-04-01T00:00:00.000Z',
    });
  });

  it('that broke between the token and the identity succeeds with the same key, and fails with another', async () => {
    line.fail('before', 1);
    await expect(come('U1')).rejects.toMatchObject({ reason: 'LineBroken' });
    await expect(come('U2')).rejects.toMatchObject(refused);
    expect((await come('U1')).userJwt).toBe('jwt of U1 for cluster-1');
  });

  it.each([
    ['cut short', () => token.slice(0, -1)],
    ['not a token', () => ''],
    ['expired', () => token],
    ['used', () => token],
  ])('with a token that is %s says nothing but that it is not valid', async (what, text) => {
    if (what === 'expired') await clock.advance(3_600_000);
    if (what === 'used') await come('U2');
    const failed = await come('U1', text()).catch((error: unknown) => error);
    expect(failed).toMatchObject(refused);
    expect(String((failed as Error).stack)).not.toContain(token);
  });
});
