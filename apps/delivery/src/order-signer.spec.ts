import { describe, expect, it } from 'vitest';
import { signedBytes } from '@flotilla/contracts';
import { Redacted } from '@flotilla/foundation';
import { publicKeyOf, verifyBytes } from '@flotilla/foundation/node';
import { orderKeyPair, signKeyList } from '@flotilla/platform-bus';
import { OrderSigner } from './order-signer.ts';

const seed = (byte: number, length = 32) => new Redacted(Buffer.alloc(length, byte).toString('base64'));
const bytes = (text: string) => new TextEncoder().encode(text);
const signerOf = (settings: Partial<ConstructorParameters<typeof OrderSigner>[0]> = {}) =>
  new OrderSigner({ ORDER_KEY: seed(7), ORDER_KEY_LISTS: [], ...settings });
const [first, second] = [orderKeyPair(seed(7)), orderKeyPair(seed(8))];
const list = (number: number, keys = [first.publicKey, second.publicKey]) =>
  signKeyList({ number, keys }, { key: first, now: 0 });

it('a signature is of these exact bytes, as this kind of order, by the key that agents pinned', () => {
  const signer = signerOf();
  const [id, signature = ''] = signer.sign('set', bytes('{"generation":1}')).split(':');
  const key = publicKeyOf(Buffer.from(signer.publicKey.publicKey, 'base64url'));
  const verifies = (kind: 'set' | 'ask', text: string) =>
    verifyBytes(signedBytes(kind, bytes(text)), Buffer.from(signature, 'base64url'), key);
  expect([id, verifies('set', '{"generation":1}')]).toEqual([signer.publicKey.id, true]);
  expect([verifies('ask', '{"generation":1}'), verifies('set', '{"generation":2}')]).toEqual([false, false]);
  expect(signerOf().publicKey).toEqual(signer.publicKey);
});

it.each(['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(64).toString('base64')])(
  'a key that is not 32 bytes, %j, ends the service with the way out',
  (text) => {
    expect(() => signerOf({ ORDER_KEY: new Redacted(text) })).toThrow(
      expect.objectContaining({
        reason: 'SettingsInvalid',
        message: 'ORDER_KEY must be 32 bytes in base64: openssl rand -base64 32',
      }),
    );
  },
);

describe('the lists of keys', () => {
  it('begin with the key alone, and the one for the day that it is lost', () => {
    const recovery = { ...second.publicKey, recovery: true };
    expect([signerOf().newest, signerOf({ ORDER_RECOVERY_KEY: recovery }).newest]).toEqual([
      { number: 0, keys: [first.publicKey] },
      { number: 0, keys: [first.publicKey, recovery] },
    ]);
  });

  it('are handed on from the one that an agent holds', () => {
    const lists = [list(1), list(2)];
    const signer = signerOf({ ORDER_KEY: seed(8), ORDER_KEY_LISTS: lists });
    expect([0, 1, 2, 3].map((held) => signer.listsAfter(held))).toEqual([lists, [lists[1]], [], []]);
  });

  it.each([
    ['do not name the key', [list(1, [second.publicKey])], /ORDER_KEY is [0-9a-f]{16}, which the newest/],
    ['have a gap', [list(1), list(3)], /must hold every list from 1 on, in order/],
  ])('that %s end the service', (_, lists, message) => {
    expect(() => signerOf({ ORDER_KEY_LISTS: lists })).toThrow(message);
  });
});
