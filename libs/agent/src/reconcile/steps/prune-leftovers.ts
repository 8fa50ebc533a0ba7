import { toFault, type Fault } from '@flotilla/foundation';
import { objectId } from '@flotilla/model';
import { pruneOrder } from '@flotilla/workload-manifests';
import { pruneObject } from '../../apply/prune-object.ts';
import type { InventoryItem } from '../../keep/target-record.ts';
import { saveRecord } from '../save-record.ts';
import type { Step, StepPorts } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

/** Deletes what Git no longer holds. It is reached only after resolve, fetch, render and every apply succeeded. */
export const pruneLeftovers: Step<'Leftover'> = {
  name: 'prune leftovers',
  run: async ({ memory, state, ports }) => {
    memory.pendingDeletes = await pruneItems(state.leftovers, memory, ports);
  },
};

/**
 * Deletes these objects, users before what they use, and returns how many have to wait. One that the API server refuses
 * to delete does not stop its neighbours, but what comes after it, because it may still use that.
 */
export async function pruneItems(
  items: readonly InventoryItem[],
  memory: TargetMemory,
  ports: StepPorts,
): Promise<number> {
  const { entry } = memory;
  const { inventory } = memory.record;
  // Who stops us, or orders something else meanwhile, is heard before each object.
  const isStillMeant = () => memory.entry === entry && !ports.suspensions.reasonFor(memory.target);
  const faults: Fault[] = [];
  let waiting = 0;
  for (const layer of pruneOrder(items)) {
    for (const item of layer) {
      if (!isStillMeant()) break;
      const pruned = await pruneObject(ports.cluster, item, { target: memory.target, isStillMeant }).catch(
        (error: unknown) => (faults.push(toFault(error)), 'held' as const),
      );
      if (pruned === 'pending' || pruned === 'held') waiting++;
      else forget(item, memory, ports);
    }
    if (faults.length > 0) break;
  }
  // Now, not later: an inventory that still names what is gone would be wrong, one that has forgotten more would be worse.
  if (memory.record.inventory !== inventory) {
    await saveRecord(memory, ports, memory.record);
  }
  if (faults[0]) throw faults[0];
  return waiting;
}

/** It is not ours any more, and nothing that was known of it is. */
export function forget(item: InventoryItem, memory: TargetMemory, { claims, live }: StepPorts): void {
  const id = objectId(item.key);
  claims.release(item.key, memory.target);
  live.forget(item.key);
  memory.record = { ...memory.record, inventory: memory.record.inventory.filter(({ key }) => objectId(key) !== id) };
}
