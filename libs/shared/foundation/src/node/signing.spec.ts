import { describe, expect, it } from 'vitest';
import { digestOf, equalSecrets, hmacSha256, sha256 } from './digest.ts';
import { keyPairOf, newSeed, publicKeyOf, signBytes, verifyBytes } from './signing.ts';

describe('digests', () => {
  it('are those that everybody computes', () => {
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    // RFC 4231, test case 2.
    expect(hmacSha256('Jefe', 'what do ya want for nothing?')).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    );
    expect(digestOf({ b: 1, a: 2 })).toBe(digestOf({ a: 2, b: 1, c: undefined }));
  });

  it.each([
    ['same', 'same', true],
    ['same', 'sane', false],
    ['same', 'same ', false],
    ['', '', true],
  ])('%j and %j are equal: %s', (left, right, expected) => expect(equalSecrets(left, right)).toBe(expected));
});

describe('a signature', () => {
  // RFC 8032, test 2.
  const seed = Buffer.from('4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb', 'hex');
  const publicKey = '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c';

  it('is the one that the standard gives', () => {
    const pair = keyPairOf(seed);
    expect(Buffer.from(pair.publicKey).toString('hex')).toBe(publicKey);
    expect(Buffer.from(signBytes(Buffer.from('72', 'hex'), pair.privateKey)).toString('hex')).toBe(
      '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
    );
  });

  it('holds for its bytes and its key, and for nothing else', () => {
    const [own, other] = [keyPairOf(newSeed()), keyPairOf(newSeed())];
    const signature = signBytes(Buffer.from('order'), own.privateKey);
    const holds = (data: string, key: Uint8Array) => verifyBytes(Buffer.from(data), signature, publicKeyOf(key));
    expect([holds('order', own.publicKey), holds('Order', own.publicKey), holds('order', other.publicKey)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
