import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Renew, Renewal, RenewAnswer, RenewRequest } from '@flotilla/contracts';
import { Fault, Redacted } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import type { HeldIdentity } from '../keep/held-identity.ts';
import type { Identity } from '../keep/identity-keeper.ts';
import { heldIdentity } from '../testing/held-identity.ts';
import { InMemoryLine } from '../testing/in-memory-line.ts';
import { TestOrderKey } from '../testing/order-key.ts';
import { IdentityRenewal } from './renewal.ts';

/** In these tests an identity lives for ninety of these, instead of ninety days. */
const minute = 60_000;
const orders = new TestOrderKey();
let clock: VirtualClock;
let line: InMemoryLine & { refused?: boolean };
let identity: HeldIdentity;
let kept: Identity[];
let renewal: IdentityRenewal;
let made: number;
let knocks: RenewRequest[];
let door: () => RenewAnswer;
let refusals: string[];
let renewed: string[];
let holdsLease: boolean;

/** A credential as a broker would check it: of a key, for ninety minutes from `issuedAt`. */
function jwtOf(userKey: string, issuedAt: number): string {
  const iat = issuedAt / 1_000;
  const claims = { sub: userKey, iat, exp: iat + 90 * 60, nats: { issuer_account: 'AGENTS' } };
  return `head.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;
}

/** A key whose signatures say who made them. */
const keyNamed = (publicKey: string) => ({
  publicKey,
  seed: `seed of ${publicKey}`,
  sign: () => Buffer.from(`by ${publicKey}`),
});
const userKey = (number: number) => `U${String(number).padStart(55, 'A')}`;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  line = new InMemoryLine();
  kept = [];
  made = 1;
  knocks = [];
  refusals = [];
  renewed = [];
  holdsLease = true;
  const userJwt = jwtOf(userKey(1), clock.now());
  const userSeed = new Redacted(`seed of ${userKey(1)}`);
  identity = heldIdentity({ userJwt, userSeed, frontDoor: 'https://flotilla' }, kept);
  door = () => ({ credential: signed(), keyLists: [] });
  renewal = open();
});

afterEach(() => renewal.stop());

const open = () =>
  new IdentityRenewal({
    identity,
    kubernetesUid: 'k1',
    line,
    mayAsk: () => holdsLease,
    clock,
    random: { next: () => 0.5 },
    createKey: () => keyNamed(userKey(++made)),
    keyOf: (seed) => keyNamed(seed.reveal().slice('seed of '.length)),
    knock: async (_url, request) => {
      knocks.push(request);
      return door();
    },
    onRenewed: ({ userJwt }) => renewed.push(userJwt),
    onRefused: (why) => refusals.push(why),
  });

const credential = (key = userKey(2)) => ({
  v: 1,
  at: '',
  cluster: 'cluster1',
  userKey: key,
  userJwt: jwtOf(key, clock.now()),
  servers: ['nats://new:4222'],
  expiresAt: new Date(clock.now() + 90 * minute).toISOString(),
});
const order = (body: object = credential(), by = orders) => by.order('credential', body, 'cluster1');
const signed = () => {
  const { data, signature } = order();
  return { text: Buffer.from(data).toString(), signature: signature! };
};
const asked = () => line.said<Renew>('renew').map((message) => JSON.parse(message.renewal) as Renewal);

describe('AT-25: an identity', () => {
  it('is asked for after a third of its life, a little later than by others, and not before', async () => {
    await clock.advance(30 * minute);
    expect(line.sent).toEqual([]);
    await clock.advance(6 * minute);
    expect([asked()[0], line.said<Renew>('renew')[0]]).toMatchObject([
      { account: 'AGENTS', cluster: 'cluster1', kubernetesUid: 'k1', userKey: userKey(1), nextKey: userKey(2) },
      {
        signature: Buffer.from(`by ${userKey(1)}`).toString('base64url'),
        nextSignature: Buffer.from(`by ${userKey(2)}`).toString('base64url'),
      },
    ]);
  });

  it('is asked for with one key, which is kept before it is named, also by the next process', async () => {
    await clock.advance(36 * minute);
    await renewal.stop();
    const before = line.sent.length;
    renewal = open();
    await clock.advance(60_000);
    expect([before > 1, line.sent.length > before, new Set(asked().map(({ nextKey }) => nextKey))]).toEqual([
      true,
      true,
      new Set([userKey(2)]),
    ]);
    expect(kept.map(({ nextSeed }) => nextSeed?.reveal())).toEqual([`seed of ${userKey(2)}`]);
  });

  it('is taken, kept and spoken with once it comes, and not asked for again', async () => {
    await clock.advance(36 * minute);
    await renewal.take(order());
    const count = line.sent.length;
    await clock.advance(minute);
    expect([identity.current.userSeed.reveal(), identity.current.nextSeed, identity.current.servers]).toEqual([
      `seed of ${userKey(2)}`,
      undefined,
      ['nats://new:4222'],
    ]);
    expect([renewed.length, kept.length, line.sent.length - count]).toEqual([1, 2, 0]);
  });

  it.each([
    ['for a key that was not made here', () => order(credential(userKey(7))), 0],
    ['that no key of the orders signed', () => order(credential(), new TestOrderKey('another')), 1],
    ['for another cluster', () => order({ ...credential(), cluster: 'cluster2' }), 1],
    ['with a subject that is not ours', () => ({ ...order(), subject: 'fleet.cluster2.down.credential' }), 1],
  ])('%s is not taken', async (_, come, told) => {
    await clock.advance(36 * minute);
    refusals.length = 0;
    await renewal.take(come());
    expect([renewed, refusals.length, identity.current.userSeed.reveal()]).toEqual([[], told, `seed of ${userKey(1)}`]);
  });

  it('is not asked for by an instance that does not hold the Lease', async () => {
    holdsLease = false;
    await clock.advance(100 * minute);
    expect([line.sent, knocks]).toEqual([[], []]);
  });
});

describe('the front door', () => {
  it('is not knocked at while the broker takes what is said, and for a short silence neither', async () => {
    await clock.advance(36 * minute);
    line.connected = false;
    await clock.advance(110_000);
    expect(knocks).toEqual([]);
    await clock.advance(30_000);
    expect([knocks.length, renewed.length]).toEqual([1, 1]);
  });

  it('opens after an outage that outlived the identity', async () => {
    line.connected = false;
    holdsLease = false;
    await clock.advance(400 * minute);
    holdsLease = true;
    await clock.advance(20_000);
    expect([knocks.length, renewed.length, identity.current.userSeed.reveal()]).toEqual([
      1,
      1,
      `seed of ${userKey(2)}`,
    ]);
  });

  it('is knocked at soon when the broker is there and keeps us out, unless we just came in', async () => {
    line.connected = false;
    line.refused = true;
    await clock.advance(29 * minute);
    expect(knocks).toEqual([]);
    await clock.advance(2 * minute);
    expect(renewed.length).toBe(1);
    await clock.advance(28 * minute);
    expect(knocks.length).toBe(1);
  });

  it('is left alone for longer and longer when nobody opens', async () => {
    door = () => {
      throw new Fault({ code: 'unavailable', reason: 'ControlPlaneUnreachable', message: 'nobody there' });
    };
    line.connected = false;
    await clock.advance(36 * minute);
    const before = knocks.length;
    await clock.advance(3_600_000);
    expect([knocks.length - before, refusals.at(-1)]).toEqual([6, 'nobody there']);
  });

  it('leads through the lists of keys that were missed to the one that signed', async () => {
    const next = new TestOrderKey('next');
    const list = orders.order('keys', { v: 1, at: '', number: 1, keys: [next.publicKey] }, 'cluster1');
    door = () => {
      const { data, signature } = order(credential(), next);
      const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
      return {
        credential: { text: text(data), signature: signature! },
        keyLists: [{ text: text(list.data), signature: list.signature! }],
      };
    };
    line.connected = false;
    await clock.advance(36 * minute);
    expect([renewed.length, identity.current.keyList, identity.current.orderKeys]).toEqual([1, 1, [next.publicKey]]);
  });
});
