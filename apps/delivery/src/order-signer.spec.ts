import { expect, it } from 'vitest';
import { signedBytes } from '@flotilla/contracts';
import { Redacted } from '@flotilla/foundation';
import { publicKeyOf, verifyBytes } from '@flotilla/foundation/node';
import { OrderSigner } from './order-signer.ts';

const seed = new Redacted(Buffer.alloc(32, 7).toString('base64'));
const bytes = (text: string) => new TextEncoder().encode(text);

it('a signature is of these exact bytes, as this kind of order, by the key that agents pinned', () => {
  const signer = new OrderSigner(seed);
  const [id, signature = ''] = signer.sign('set', bytes('{"generation":1}')).split(':');
  const key = publicKeyOf(Buffer.from(signer.publicKey.publicKey, 'base64url'));
  const verifies = (kind: 'set' | 'ask', text: string) =>
    verifyBytes(signedBytes(kind, bytes(text)), Buffer.from(signature, 'base64url'), key);
  expect([id, verifies('set', '{"generation":1}')]).toEqual([signer.publicKey.id, true]);
  expect([verifies('ask', '{"generation":1}'), verifies('set', '{"generation":2}')]).toEqual([false, false]);
  expect(new OrderSigner(seed).publicKey).toEqual(signer.publicKey);
});

it.each(['', 'short', Buffer.alloc(31).toString('base64'), Buffer.alloc(64).toString('base64')])(
  'a key that is not 32 bytes, %j, ends the service with the way out',
  (text) => {
    expect(() => new OrderSigner(new Redacted(text))).toThrow(
      expect.objectContaining({
        reason: 'SettingsInvalid',
        message: 'ORDER_KEY must be 32 bytes in base64: openssl rand -base64 32',
      }),
    );
  },
);
