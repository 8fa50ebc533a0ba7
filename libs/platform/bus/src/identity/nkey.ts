import { Fault } from '@flotilla/foundation';
import { keyPairOf, newSeed, publicKeyOf, signBytes, verifyBytes } from '@flotilla/foundation/node';
import type { KeyObject } from 'node:crypto';

/** The kinds of NATS key that we make; the letter is how their public form begins. */
export type KeyKind = 'operator' | 'account' | 'user';

const prefixes: Readonly<Record<KeyKind, number>> = { operator: 14 << 3, account: 0, user: 20 << 3 };
const seedPrefix = 18 << 3;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/**
 * A NATS key pair (nkey): an Ed25519 pair whose text forms carry a kind and a checksum. Signing goes through
 * node:crypto, which is some six hundred times faster than the pure JavaScript of the official packages; with
 * thousands of agents that matters.
 */
export interface Nkey {
  /** `O…`, `A…` or `U…`: safe to show. */
  readonly publicKey: string;
  /** `S…`: the secret itself. */
  readonly seed: string;
  sign(data: Uint8Array): Uint8Array;
}

/** A new key pair of one kind. */
export function createNkey(kind: KeyKind): Nkey {
  return nkeyOf(kind, newSeed());
}

/** Reads a seed (`SO…`, `SA…`, `SU…`); throws when it is not one. */
export function nkeyFromSeed(seed: string): Nkey {
  const bytes = decode(seed);
  const prefix = ((bytes[0]! & 7) << 5) | ((bytes[1]! & 248) >> 3);
  const kind = (Object.keys(prefixes) as KeyKind[]).find((candidate) => prefixes[candidate] === prefix);
  if ((bytes[0]! & 248) !== seedPrefix || !kind || bytes.length !== 34) throw unreadable('not an nkey seed');
  return nkeyOf(kind, bytes.subarray(2));
}

/** Whether a text is the seed of a key of this kind: asked of settings, so that a wrong one is named at the start. */
export function isNkeySeed(text: string, kind: KeyKind): boolean {
  try {
    return nkeyFromSeed(text).seed.startsWith(`S${kind[0]!.toUpperCase()}`);
  } catch {
    return false;
  }
}

/** Checks a signature by the holder of a public nkey. */
export function verifyNkey(publicKey: string, data: Uint8Array, signature: Uint8Array): boolean {
  return verifyBytes(data, signature, publicKeyOf(decode(publicKey).subarray(1)));
}

function nkeyOf(kind: KeyKind, seed: Uint8Array): Nkey {
  const pair: { privateKey: KeyObject; publicKey: Uint8Array } = keyPairOf(seed);
  const prefix = prefixes[kind];
  return {
    publicKey: encode(Uint8Array.of(prefix, ...pair.publicKey)),
    seed: encode(Uint8Array.of(seedPrefix | (prefix >> 5), (prefix & 31) << 3, ...seed)),
    sign: (data) => signBytes(data, pair.privateKey),
  };
}

function encode(bytes: Uint8Array): string {
  const checksum = crc16(bytes);
  return base32(Uint8Array.of(...bytes, checksum & 255, checksum >> 8));
}

function decode(text: string): Uint8Array {
  const bytes = fromBase32(text);
  const body = bytes.subarray(0, -2);
  if (crc16(body) !== (bytes.at(-2)! | (bytes.at(-1)! << 8))) throw unreadable('an nkey with a wrong checksum');
  return body;
}

/** Says what is wrong and never what was there: it may be a seed. */
function unreadable(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'NkeyInvalid', message });
}

/** Base 32 without padding, as nkeys and JWT ids use it. */
export function base32(bytes: Uint8Array): string {
  let text = '';
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(held >> bits) & 31];
    }
  }
  return bits > 0 ? text + alphabet[(held << (5 - bits)) & 31] : text;
}

function fromBase32(text: string): Uint8Array {
  const bytes: number[] = [];
  let bits = 0;
  let held = 0;
  for (const letter of text) {
    const value = alphabet.indexOf(letter);
    if (value < 0) throw unreadable('an nkey with a letter that is not base 32');
    held = ((held << 5) | value) & 0xffff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes.push((held >> bits) & 255);
    }
  }
  return Uint8Array.from(bytes);
}

/** CRC-16/XMODEM. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? ((crc << 1) ^ 0x1021) & 0xffff : (crc << 1) & 0xffff;
  }
  return crc;
}
