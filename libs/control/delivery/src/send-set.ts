import { Fault } from '@flotilla/foundation';
import type { HeldFence } from '@flotilla/model';
import type { DeliveryRecord, HeldBackSet, HoldReason, SetContent } from './delivery-record.port.ts';

/** Signs a set and puts it on its cluster's own subject. Nothing says whether it arrived: the next hello does. */
export interface SetSender {
  send(content: SetContent): Promise<void>;
}

/** What sending needs: what each cluster shall run, and the way to it. */
export interface SendPorts {
  readonly record: DeliveryRecord;
  readonly sender: SetSender;
}

/** Which clusters were sent something, and what went wrong with the others. */
export interface SetsSent {
  readonly sent: readonly string[];
  readonly failures: ReadonlyMap<string, unknown>;
}

/**
 * Sends many clusters what each of them misses, from what it holds or was last heard to hold: one read for all of them.
 * One that cannot be served does not keep the others waiting.
 */
export async function sendSets(
  { record, sender }: SendPorts,
  held: ReadonlyMap<string, HeldFence | 'last-heard'>,
): Promise<SetsSent> {
  const sent: string[] = [];
  const failures = new Map<string, unknown>();
  for (const content of await record.setsFor(held)) {
    try {
      if ('hold' in content) throw heldBack(content);
      await sender.send(content);
      sent.push(content.cluster);
    } catch (error) {
      failures.set(content.cluster, error);
    }
  }
  return { sent, failures };
}

/** Sends one cluster what it misses, as far as we know what it holds. */
export async function sendSet(ports: SendPorts, cluster: string): Promise<boolean> {
  const { sent, failures } = await sendSets(ports, new Map([[cluster, 'last-heard']]));
  if (failures.has(cluster)) throw failures.get(cluster);
  return sent.length > 0;
}

/** Sends every cluster that just said what it holds, and holds too little, what it misses. */
export async function catchUp(ports: SendPorts, held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
  const behind = await ports.record.behind(held);
  const { failures } = await sendSets(ports, new Map(behind.map((cluster) => [cluster, held.get(cluster)!])));
  const [failure] = failures.values();
  if (failure !== undefined) throw failure;
  return behind;
}

const holdTexts: Readonly<Record<HoldReason, string>> = {
  ahead: 'it holds a set that this database never issued; a person decides with: flotilla recover',
  'others-ahead': 'the database was restored and is behind what clusters hold; a person decides with: flotilla recover',
  unheard: 'the database was restored, and this cluster has not said yet what it holds',
};

/** Often enough for a person who waits, and seldom enough for ten thousand clusters that wait with them. */
const holdLookMs = 60_000;

/** Nothing is sent to this cluster now. Its next hello, or the recovery of the fleet, sends what it misses. */
export function heldBack({ cluster, hold }: HeldBackSet): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'SetHeldBack',
    message: `cluster ${cluster} is sent nothing: ${holdTexts[hold]}`,
    consequence: { kind: 'retry', afterMs: holdLookMs },
  });
}
