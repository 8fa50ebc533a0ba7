import { keyListSchema, type DownKind, type KeyList, type OrderKey, type SignedText } from '@flotilla/contracts';
import { Fault } from '@flotilla/foundation';
import { orderKeyPair, signText, type OrderKeyPair } from '@flotilla/platform-bus';
import type { DeliverySettings } from './settings.ts';

type SignerSettings = Pick<DeliverySettings, 'ORDER_KEY' | 'ORDER_KEY_LISTS' | 'ORDER_RECOVERY_KEY'>;

/**
 * Holds the key that agents believe; nothing else in the system can speak to them. It knows every list of keys there ever
 * was, so that an agent that was away during a rotation, or several, is led from the list it holds to the newest.
 */
export class OrderSigner {
  readonly publicKey: OrderKey;
  /** The newest list and its number: 0 as long as the key was never rotated. */
  readonly newest: Pick<KeyList, 'number' | 'keys'>;
  readonly #key: OrderKeyPair;
  readonly #lists: readonly SignedText[];

  constructor({ ORDER_KEY, ORDER_KEY_LISTS, ORDER_RECOVERY_KEY }: SignerSettings) {
    this.#key = orderKeyPair(ORDER_KEY);
    this.publicKey = this.#key.publicKey;
    this.#lists = ORDER_KEY_LISTS;
    const recovery = ORDER_RECOVERY_KEY ? [ORDER_RECOVERY_KEY] : [];
    this.newest = numbered(ORDER_KEY_LISTS).at(-1) ?? { number: 0, keys: [this.publicKey, ...recovery] };
    if (!this.newest.keys.some(({ id }) => id === this.publicKey.id)) throw strangeKey(this.publicKey.id);
  }

  sign(kind: DownKind, payload: Uint8Array): string {
    return this.#key.sign(kind, payload);
  }

  signText(kind: DownKind, message: object, now: number): SignedText {
    return signText(kind, message, { key: this.#key, now });
  }

  /** The lists after this one, each signed by a key of the one before. */
  listsAfter(number: number): readonly SignedText[] {
    return this.#lists.slice(number);
  }
}

function numbered(lists: readonly SignedText[]): KeyList[] {
  const read = lists.map(({ text }) => keyListSchema.parse(JSON.parse(text)));
  if (read.every(({ number }, index) => number === index + 1)) return read;
  throw invalid('ORDER_KEY_LISTS must hold every list from 1 on, in order');
}

function strangeKey(id: string): Fault {
  return invalid(`ORDER_KEY is ${id}, which the newest of ORDER_KEY_LISTS does not name: no agent would believe it`);
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'SettingsInvalid', message });
}
