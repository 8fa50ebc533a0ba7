import { signatureText, signedBytes, type DownKind, type OrderKey } from '@flotilla/contracts';
import { keyPairOf, sha256, signBytes } from '@flotilla/foundation/node';
import type { ReceivedOrder } from '../ports/control-line.port.ts';

/** A key that orders are signed with; its seed is its name, so that a run can be repeated. */
export class TestOrderKey {
  readonly publicKey: OrderKey;
  readonly #pair: ReturnType<typeof keyPairOf>;

  constructor(name = 'orders') {
    this.#pair = keyPairOf(Buffer.from(sha256(name), 'hex'));
    this.publicKey = {
      id: sha256(this.#pair.publicKey).slice(0, 16),
      publicKey: Buffer.from(this.#pair.publicKey).toString('base64url'),
    };
  }

  /** An order as a broker would bring it to its cluster. */
  order(kind: DownKind, message: object, cluster: string): ReceivedOrder {
    const data = new TextEncoder().encode(JSON.stringify(message));
    return {
      kind,
      subject: `fleet.${cluster}.down.${kind}`,
      data,
      signature: this.sign(kind, data),
      traceparent: undefined,
    };
  }

  sign(kind: DownKind, data: Uint8Array): string {
    const signature = signBytes(signedBytes(kind, data), this.#pair.privateKey);
    return signatureText(this.publicKey.id, Buffer.from(signature).toString('base64url'));
  }
}
