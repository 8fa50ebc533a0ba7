import { describe, expect, it } from 'vitest';
import type { ReceivedOrder } from '../ports/control-line.port.ts';
import { TestOrderKey } from '../testing/order-key.ts';
import { verifyAsk, verifySet, type OrderTrust } from './verify-order.ts';

const key = new TestOrderKey();
const trust: OrderTrust = { cluster: 'cluster1', keys: [key.publicKey] };
const message = {
  v: 1,
  at: '2026-01-01T00:00:00.000Z',
  cluster: 'cluster1',
  epoch: 1,
  generation: 7,
  previous: 0,
  entries: [],
  setDigest: 'd'.repeat(64),
};
const good = key.order('set', message, 'cluster1');

function flipped(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, index) => (index === 20 ? byte ^ 1 : byte));
}

/** An order whose signature is right, whatever it says. */
const signed = (body: object | string): ReceivedOrder => {
  const data = new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body));
  return { ...good, data, signature: key.sign('set', data) };
};

const rows: readonly { readonly what: string; readonly order: ReceivedOrder; readonly why: string }[] = [
  {
    what: 'the subject of another cluster',
    order: { ...good, subject: 'fleet.cluster2.down.set' },
    why: 'another subject',
  },
  {
    what: 'a subject that only begins like ours',
    order: { ...good, subject: 'fleet.cluster10.down.set' },
    why: 'another subject',
  },
  { what: 'no signature', order: { ...good, signature: undefined }, why: 'not signed' },
  { what: 'an empty signature', order: { ...good, signature: '' }, why: 'not signed' },
  {
    what: 'a signature without a key',
    order: { ...good, signature: good.signature!.split(':')[1] },
    why: 'not signed',
  },
  { what: 'a signature of more parts', order: { ...good, signature: `${good.signature}:x` }, why: 'not signed' },
  {
    what: 'a signature of another key',
    order: new TestOrderKey('another').order('set', message, 'cluster1'),
    why: 'not among the keys',
  },
  {
    what: 'another key under the name of ours',
    order: {
      ...good,
      signature: `${key.publicKey.id}:${new TestOrderKey('another').sign('set', good.data).split(':')[1]}`,
    },
    why: 'signature is wrong',
  },
  {
    what: 'a signature that is none',
    order: { ...good, signature: `${key.publicKey.id}:AAAA` },
    why: 'signature is wrong',
  },
  { what: 'one bit flipped in the bytes', order: { ...good, data: flipped(good.data) }, why: 'signature is wrong' },
  { what: 'one byte more', order: { ...good, data: new Uint8Array([...good.data, 32]) }, why: 'signature is wrong' },
  {
    what: 'the signature of an ask on a set',
    order: { ...good, signature: key.sign('ask', good.data) },
    why: 'signature is wrong',
  },
  { what: 'another cluster inside', order: signed({ ...message, cluster: 'cluster2' }), why: 'another cluster' },
  { what: 'an unknown version', order: signed({ ...message, v: 2 }), why: 'cannot be understood' },
  { what: 'a schema that is not known', order: signed({ ...message, entries: 'none' }), why: 'cannot be understood' },
  { what: 'no JSON', order: signed('{"v":1'), why: 'cannot be understood' },
  {
    what: 'bytes that are no text',
    order: {
      ...signed(''),
      data: new Uint8Array([0xff, 0xfe]),
      signature: key.sign('set', new Uint8Array([0xff, 0xfe])),
    },
    why: 'cannot be understood',
  },
  { what: 'deep nesting', order: signed('['.repeat(100_000)), why: 'cannot be understood' },
];

describe('AT-08 an agent believes only addressed and signed orders', () => {
  it('a good one is believed', () => {
    expect(verifySet(good, trust)).toMatchObject({ ok: true, value: { cluster: 'cluster1', generation: 7 } });
  });

  it('fields that are not known yet are passed over', () => {
    expect(verifySet(signed({ ...message, later: true }), trust).ok).toBe(true);
  });

  it.each(rows)('$what: $why', ({ order, why }) => {
    expect(verifySet(order, trust)).toEqual({ ok: false, reason: expect.stringContaining(why) });
  });

  it('every single bit counts', () => {
    const flips = Array.from({ length: good.data.length }, (_, at) =>
      good.data.map((byte, index) => (index === at ? byte ^ 0x10 : byte)),
    );
    expect(flips.filter((data) => verifySet({ ...good, data }, trust).ok)).toEqual([]);
  });

  it('a set is no ask', () => {
    expect(verifyAsk({ ...good, kind: 'ask' }, trust)).toEqual({ ok: false, reason: 'its signature is wrong' });
  });

  it('without keys nothing is believed', () => {
    expect(verifySet(good, { ...trust, keys: [] }).ok).toBe(false);
  });
});
