import { describe, expect, it } from 'vitest';
import { base32, createNkey, isNkeySeed, nkeyFromSeed, verifyNkey } from './nkey.ts';

/**
 * The first key is the one of NATS' own documentation; the others are the key of RFC 8032's first test vector in the
 * three forms that the official packages give it.
 */
const known = [
  {
    seed: 'SUACSSL3UAHUDXKFSNVUZRF5UHPMWZ6BFDTJ7M6USDXIEDNPPQYYYCU3VY',
    publicKey: 'UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4',
  },
  {
    seed: 'SOAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YFUVY',
    publicKey: 'ODLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRVH7S',
  },
  {
    seed: 'SAAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YHY3Q',
    publicKey: 'ADLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRVRTU',
  },
  {
    seed: 'SUAJ2YNRTXX72WTAXKCEV5ES5QWMIRCJYVUXWMTJDFYDXLADDSXH6YALCA',
    publicKey: 'UDLVVGABQKYQVN6VJP7NHSLEA45A5YLS6PNKMIZFV4BBU2HXA5IRUVAL',
  },
];
const rfcSignature =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

describe('an nkey', () => {
  it.each(known)('is read from its seed as the official packages read it: $publicKey', ({ seed, publicKey }) => {
    const { sign: _, ...key } = nkeyFromSeed(seed);
    expect(key).toEqual({ seed, publicKey });
  });

  it('signs as RFC 8032 says', () => {
    expect(Buffer.from(nkeyFromSeed(known[1]!.seed).sign(new Uint8Array())).toString('hex')).toBe(rfcSignature);
  });

  it.each(['operator', 'account', 'user'] as const)('that is new is a key of an %s, another each time', (kind) => {
    const [key, other] = [createNkey(kind), createNkey(kind)];
    const letter = kind[0]!.toUpperCase();
    expect({ public: key.publicKey, seed: key.seed, same: key.seed === other.seed }).toEqual({
      public: expect.stringMatching(`^${letter}[A-Z2-7]{55}$`),
      seed: expect.stringMatching(`^S${letter}[A-Z2-7]{56}$`),
      same: false,
    });
  });

  it('is known by its signature, and nobody else is', () => {
    const [key, other] = [createNkey('user'), createNkey('user')];
    const data = Buffer.from('nonce');
    const signature = key.sign(data);
    expect([
      verifyNkey(key.publicKey, data, signature),
      verifyNkey(other.publicKey, data, signature),
      verifyNkey(key.publicKey, Buffer.from('another'), signature),
      verifyNkey(key.publicKey, data, new Uint8Array(64)),
    ]).toEqual([true, false, false, false]);
  });

  it.each([
    ['a public key', known[0]!.publicKey],
    ['a seed with a letter changed', known[0]!.seed.replace('SUAC', 'SUAD')],
    ['a seed that is cut off', known[0]!.seed.slice(0, -2)],
    ['a letter that is not base 32', `${known[0]!.seed.slice(0, -1)}1`],
    ['nothing', ''],
  ])('is never read from %s', (_, text) => {
    expect(() => nkeyFromSeed(text)).toThrow(expect.objectContaining({ code: 'invalid', reason: 'NkeyInvalid' }));
    expect(isNkeySeed(text, 'user')).toBe(false);
  });
});

it('a seed is known by its kind', () => {
  const kinds = ['operator', 'account', 'user'] as const;
  expect(known.map(({ seed }) => kinds.filter((kind) => isNkeySeed(seed, kind)))).toEqual([
    ['user'],
    ['operator'],
    ['account'],
    ['user'],
  ]);
});

describe('base 32', () => {
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('is that of RFC 4648 without padding: %j -> %s', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });
});
