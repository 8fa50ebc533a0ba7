import type { Fence } from '@flotilla/model';
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
export async function catchUp(ports: SendPorts, held: ReadonlyMap<string, Fence>): Promise<readonly string[]> {
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
