import { beforeEach, describe, expect, it } from 'vitest';
import type { OrderKey } from '@flotilla/contracts';
import type { HeldIdentity } from '../keep/held-identity.ts';
import type { Identity } from '../keep/identity-keeper.ts';
import { heldIdentity } from '../testing/held-identity.ts';
import { TestOrderKey } from '../testing/order-key.ts';
import { takeKeyList } from './take-key-list.ts';
import { trustOf, verifySet } from './verify-order.ts';

const [first, second, third, recovery] = ['1', '2', '3', 'r'].map((name) => new TestOrderKey(name)) as [
  TestOrderKey,
  TestOrderKey,
  TestOrderKey,
  TestOrderKey,
];
const rotated = Date.UTC(2026, 0, 2);
const spare: OrderKey = { ...recovery.publicKey, recovery: true };
const leaving = (key: TestOrderKey, until: number): OrderKey => ({
  ...key.publicKey,
  until: new Date(until).toISOString(),
});
let identity: HeldIdentity;
let kept: Identity[];

beforeEach(() => {
  kept = [];
  identity = heldIdentity({ orderKeys: [first.publicKey, spare] }, kept);
});

const list = (number: number, keys: readonly OrderKey[], by: TestOrderKey) =>
  by.order('keys', { v: 1, at: '', number, keys }, 'cluster1');
/** The two lists of a rotation from the first key to the second, and on to the third. */
const one = list(1, [leaving(first, rotated), second.publicKey, spare], first);
const two = list(2, [third.publicKey, spare], second);

const take = (order: typeof one, now = rotated - 1_000) => takeKeyList(order, { identity, now });
const believed = (now: number) => trustOf(identity.current, { now }).keys.map(({ id }) => id);

describe('AT-26: a list of order keys', () => {
  it('that a key of the one before signed is kept, and then believed; the old key dies in its time', async () => {
    expect(await take(one)).toEqual({ ok: true, value: true });
    expect([kept.at(-1)?.keyList, believed(rotated - 1), believed(rotated)]).toEqual([
      1,
      [first.publicKey.id, second.publicKey.id],
      [second.publicKey.id],
    ]);
  });

  it('is taken one after another by an agent that was away for the whole rotation, long after it', async () => {
    const muchLater = rotated + 86_400_000;
    expect(await take(two, muchLater)).toEqual({ ok: false, reason: expect.stringContaining('not among the keys') });
    expect([await take(one, muchLater), await take(two, muchLater)]).toEqual([
      { ok: true, value: true },
      { ok: true, value: true },
    ]);
    expect([identity.current.keyList, believed(muchLater)]).toEqual([2, [third.publicKey.id]]);
  });

  it('that is held already changes nothing, nor does one that skips another', async () => {
    await take(one);
    expect([await take(one), await take(list(3, [third.publicKey], second)), kept.length]).toEqual([
      { ok: true, value: false },
      { ok: false, reason: 'it is list 3 of keys, and list 1 is held' },
      1,
    ]);
  });

  it('may be signed by the key that is kept for the day the others are lost; orders may not', async () => {
    expect(await take(list(1, [third.publicKey, spare], recovery))).toEqual({ ok: true, value: true });
    const set = recovery.order('set', { v: 1 }, 'cluster1');
    expect(verifySet(set, trustOf(identity.current, { now: 0 }))).toMatchObject({
      ok: false,
      reason: expect.stringContaining('not among the keys'),
    });
  });

  it.each([
    ['a key of no list', () => list(1, [second.publicKey], third)],
    ['a key whose time is over', () => list(2, [third.publicKey], first)],
    ['nobody', () => ({ ...one, signature: undefined })],
    ['the signature of another kind', () => ({ ...one, signature: first.sign('set', one.data) })],
  ])('signed by %s is refused', async (_, order) => {
    await take(one);
    expect(await take(order(), rotated)).toMatchObject({ ok: false });
  });

  it('that cannot be kept is not believed', async () => {
    identity = heldIdentity({ orderKeys: [first.publicKey] });
    const failing = Object.assign(identity, { change: () => Promise.reject(new Error('the API server is away')) });
    await expect(takeKeyList(one, { identity: failing, now: 0 })).rejects.toThrow('away');
    expect(believed(0)).toEqual([first.publicKey.id]);
  });
});
