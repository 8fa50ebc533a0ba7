import { done, refused, type Outcome } from '@flotilla/foundation';
import type { HeldIdentity } from '../keep/held-identity.ts';
import type { ReceivedOrder } from '../ports/control-line.port.ts';
import { trustOf, verifyKeyList } from './verify-order.ts';

/**
 * Takes the next list of order keys, which a key of the list that is held signed: kept before it is believed. True when it
 * was news. Lists come one by one; one that skips another is refused, and asked for again with the next hello.
 */
export async function takeKeyList(
  order: ReceivedOrder,
  { identity, now }: { identity: HeldIdentity; now: number },
): Promise<Outcome<boolean, string>> {
  const verified = verifyKeyList(order, trustOf(identity.current, { now, isForLists: true }));
  if (!verified.ok) return verified;
  const { number, keys } = verified.value;
  const held = identity.current.keyList ?? 0;
  if (number <= held) return done(false);
  if (number > held + 1) return refused(`it is list ${number} of keys, and list ${held} is held`);
  await identity.change((before) => ({ ...before, orderKeys: keys, keyList: number }));
  return done(true);
}
