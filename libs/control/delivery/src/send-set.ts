import { Fault } from '@flotilla/foundation';
import type { HeldFence } from '@flotilla/model';
import type { DeliveryRecord, SetContent } from './delivery-record.port.ts';

/** Signs a set and puts it on its cluster's own subject. Nothing says whether it arrived: the next hello does. */
export interface SetSender {
  send(content: SetContent): Promise<void>;
}

/** What sending needs: what each cluster shall run, and the way to it. */
export interface SendPorts {
  readonly record: DeliveryRecord;
  readonly sender: SetSender;
}

/** Sends one cluster what it misses, as far as we know what it holds. */
export async function sendSet(ports: SendPorts, cluster: string): Promise<boolean> {
  const content = await ports.record.setFor(cluster, 'last-heard');
  if (content) await ports.sender.send(content);
  return content !== undefined;
}

/**
 * Sends every cluster that just said what it holds, and holds too little, what it misses. One that cannot be served
 * does not keep the others waiting; the first failure is raised at the end.
 */
export async function catchUp(ports: SendPorts, held: ReadonlyMap<string, HeldFence>): Promise<readonly string[]> {
  const behind = await ports.record.behind(held);
  const failures: unknown[] = [];
  for (const cluster of behind) {
    try {
      const content = await ports.record.setFor(cluster, held.get(cluster)!);
      if (content) await ports.sender.send(content);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return behind;
}

/** Why a cluster is sent nothing: its own state, or that of the whole fleet after a restore. */
export type HoldReason = 'ahead' | 'others-ahead' | 'unheard';

const holdTexts: Readonly<Record<HoldReason, string>> = {
  ahead: 'it holds a set that this database never issued; a person decides with: flotilla recover',
  'others-ahead': 'the database was restored and is behind what clusters hold; a person decides with: flotilla recover',
  unheard: 'the database was restored, and this cluster has not said yet what it holds',
};

/** Often enough for a person who waits, and seldom enough for ten thousand clusters that wait with them. */
const holdLookMs = 60_000;

/** Nothing is sent to this cluster now. Its next hello, or the recovery of the fleet, sends what it misses. */
export function heldBack(cluster: string, why: HoldReason): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'SetHeldBack',
    message: `cluster ${cluster} is sent nothing: ${holdTexts[why]}`,
    consequence: { kind: 'retry', afterMs: holdLookMs },
  });
}
