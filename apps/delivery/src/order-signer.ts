import { signatureText, signedBytes, type DownKind, type OrderKey } from '@flotilla/contracts';
import { Fault, type Redacted } from '@flotilla/foundation';
import { keyPairOf, sha256, signBytes } from '@flotilla/foundation/node';

/** Holds the key that agents believe. Nothing else in the system can speak to them. */
export class OrderSigner {
  readonly publicKey: OrderKey;
  readonly #pair: ReturnType<typeof keyPairOf>;

  constructor(seed: Redacted) {
    const bytes = Buffer.from(seed.reveal(), 'base64');
    if (bytes.length !== 32) {
      const message = 'ORDER_KEY must be 32 bytes in base64: openssl rand -base64 32';
      throw new Fault({ code: 'invalid', reason: 'SettingsInvalid', message });
    }
    this.#pair = keyPairOf(bytes);
    const publicKey = Buffer.from(this.#pair.publicKey).toString('base64url');
    this.publicKey = { id: sha256(this.#pair.publicKey).slice(0, 16), publicKey };
  }

  /** The header that makes these exact bytes an order of this kind. */
  sign(kind: DownKind, payload: Uint8Array): string {
    const signature = signBytes(signedBytes(kind, payload), this.#pair.privateKey);
    return signatureText(this.publicKey.id, Buffer.from(signature).toString('base64url'));
  }
}
