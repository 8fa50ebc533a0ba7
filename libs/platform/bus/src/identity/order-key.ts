import {
  protocol,
  signatureText,
  signedBytes,
  type DownKind,
  type KeyList,
  type OrderKey,
  type SignedText,
} from '@flotilla/contracts';
import { Fault, isoTime, type Redacted } from '@flotilla/foundation';
import { keyPairOf, sha256, signBytes } from '@flotilla/foundation/node';

/** A key that orders are signed with. */
export interface OrderKeyPair {
  readonly publicKey: OrderKey;
  /** The header that makes these exact bytes an order of this kind. */
  sign(kind: DownKind, payload: Uint8Array): string;
}

/** Reads the 32 bytes of an order key, in base64; `setting` is where they came from. */
export function orderKeyPair(seed: Redacted, setting = 'ORDER_KEY'): OrderKeyPair {
  const bytes = Buffer.from(seed.reveal(), 'base64');
  if (bytes.length !== 32) {
    const message = `${setting} must be 32 bytes in base64: openssl rand -base64 32`;
    throw new Fault({ code: 'invalid', reason: 'SettingsInvalid', message });
  }
  const pair = keyPairOf(bytes);
  const id = sha256(pair.publicKey).slice(0, 16);
  return {
    publicKey: { id, publicKey: Buffer.from(pair.publicKey).toString('base64url') },
    sign: (kind, payload) => {
      const signature = signBytes(signedBytes(kind, payload), pair.privateKey);
      return signatureText(id, Buffer.from(signature).toString('base64url'));
    },
  };
}

/** Signs a message of a kind, as its text. */
export function signText(
  kind: DownKind,
  message: object,
  { key, now }: { key: OrderKeyPair; now: number },
): SignedText {
  const text = JSON.stringify({ v: protocol.version, at: isoTime(now), ...message });
  return { text, signature: key.sign(kind, Buffer.from(text)) };
}

/** The next list of order keys, signed by a key of the list before it. */
export function signKeyList(
  list: Pick<KeyList, 'number' | 'keys'>,
  by: { key: OrderKeyPair; now: number },
): SignedText {
  return signText('keys', list, by);
}
