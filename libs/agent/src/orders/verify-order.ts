import {
  askSchema,
  readSignature,
  setSchema,
  signedBytes,
  type Ask,
  type OrderKey,
  type SetMessage,
} from '@flotilla/contracts';
import { done, refused, shortened, type Outcome } from '@flotilla/foundation';
import { publicKeyOf, verifyBytes } from '@flotilla/foundation/node';
import type { ReceivedOrder } from '../ports/control-line.port.ts';

/** What an agent knows of those who may order it about. */
export interface OrderTrust {
  readonly cluster: string;
  readonly keys: readonly OrderKey[];
}

/** Believes a set only when it is signed by a pinned key over its exact bytes, and addressed to this cluster. */
export function verifySet(order: ReceivedOrder, trust: OrderTrust): Outcome<SetMessage, string> {
  return verified(order, trust, (value) => setSchema.parse(value));
}

export function verifyAsk(order: ReceivedOrder, trust: OrderTrust): Outcome<Ask, string> {
  return verified(order, trust, (value) => askSchema.parse(value));
}

function verified<Order extends { cluster: string }>(
  order: ReceivedOrder,
  trust: OrderTrust,
  parse: (value: unknown) => Order,
): Outcome<Order, string> {
  if (!order.subject.startsWith(`fleet.${trust.cluster}.down.`)) return refused('it came on another subject');
  const signature = readSignature(order.signature ?? '');
  if (!signature) return refused('it is not signed');
  const key = trust.keys.find(({ id }) => id === signature.keyId);
  if (!key)
    return refused(`it is signed by ${shortened(signature.keyId, 32)}, which is not among the keys of enrolment`);
  if (!isSigned(order, signature.signature, key)) return refused('its signature is wrong');
  try {
    const message = parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(order.data)));
    return message.cluster === trust.cluster ? done(message) : refused('it is addressed to another cluster');
  } catch (error) {
    return refused(
      `it cannot be understood: ${shortened(error instanceof Error ? error.message : String(error), 500)}`,
    );
  }
}

function isSigned(order: ReceivedOrder, signature: string, key: OrderKey): boolean {
  try {
    const publicKey = publicKeyOf(Buffer.from(key.publicKey, 'base64url'));
    return verifyBytes(signedBytes(order.kind, order.data), Buffer.from(signature, 'base64url'), publicKey);
  } catch {
    // A key or signature of the wrong shape proves nothing.
    return false;
  }
}
