import type { KeyObject } from 'node:crypto';
import {
  askSchema,
  credentialSchema,
  keyListSchema,
  readSignature,
  setSchema,
  signedBytes,
  type Ask,
  type Credential,
  type KeyList,
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

/**
 * Whom an agent believes now. A key that is being replaced is believed until its time; the one that is kept for the day
 * that all others are lost signs lists of keys, and no orders.
 */
export function trustOf(
  { cluster, orderKeys }: { readonly cluster: string; readonly orderKeys: readonly OrderKey[] },
  { now, isForLists = false }: { readonly now: number; readonly isForLists?: boolean },
): OrderTrust {
  const isInTime = ({ until }: OrderKey) => until === undefined || now < Date.parse(until);
  return { cluster, keys: orderKeys.filter((key) => isInTime(key) && (isForLists || !key.recovery)) };
}

/** Believes a set only when it is signed by a pinned key over its exact bytes, and addressed to this cluster. */
export function verifySet(order: ReceivedOrder, trust: OrderTrust): Outcome<SetMessage, string> {
  return verified(order, trust, (value) => setSchema.parse(value));
}

export function verifyAsk(order: ReceivedOrder, trust: OrderTrust): Outcome<Ask, string> {
  return verified(order, trust, (value) => askSchema.parse(value));
}

export function verifyCredential(order: ReceivedOrder, trust: OrderTrust): Outcome<Credential, string> {
  return verified(order, trust, (value) => credentialSchema.parse(value));
}

/** A list of keys is the same for every cluster, so it names none. */
export function verifyKeyList(order: ReceivedOrder, trust: OrderTrust): Outcome<KeyList, string> {
  return verified(order, trust, (value) => ({ ...keyListSchema.parse(value), cluster: trust.cluster }));
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
    return refused(`it is signed by ${shortened(signature.keyId, 32)}, which is not among the keys that are believed`);
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

/** Reading a key costs as much as a verification, and the same few are asked for again and again. */
const keysRead = new WeakMap<OrderKey, KeyObject>();

function readKey(key: OrderKey): KeyObject {
  const read = keysRead.get(key) ?? publicKeyOf(Buffer.from(key.publicKey, 'base64url'));
  keysRead.set(key, read);
  return read;
}

function isSigned(order: ReceivedOrder, signature: string, key: OrderKey): boolean {
  try {
    return verifyBytes(signedBytes(order.kind, order.data), Buffer.from(signature, 'base64url'), readKey(key));
  } catch {
    // A key or signature of the wrong shape proves nothing.
    return false;
  }
}
