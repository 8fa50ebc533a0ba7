import { objectId } from '@flotilla/model';
import { pruneOrder } from '@flotilla/workload-manifests';
import { pruneObject } from '../../apply/prune-object.ts';
import type { InventoryItem } from '../../keep/target-record.ts';
import type { Step, StepPorts } from '../step.ts';
import type { TargetMemory } from '../target-memory.ts';

/** Deletes what Git no longer holds. It is reached only after resolve, fetch, render and every apply succeeded. */
export const pruneLeftovers: Step<'Leftover'> = {
  name: 'prune leftovers',
  run: async ({ memory, state, ports }) => {
    memory.pendingDeletes = await pruneItems(state.leftovers, memory, ports);
  },
};

/** Deletes these objects, users before what they use, and returns how many are held by finalizers. */
export async function pruneItems(
  items: readonly InventoryItem[],
  memory: TargetMemory,
  ports: StepPorts,
): Promise<number> {
  let pending = 0;
  for (const item of pruneOrder(items).flat()) {
    if (ports.suspensions.reasonFor(memory.target)) break;
    const pruned = await pruneObject(ports.cluster, item);
    if (pruned === 'pending') {
      pending++;
      continue;
    }
    ports.claims.release(item.key, memory.target);
    const id = objectId(item.key);
    memory.record = { ...memory.record, inventory: memory.record.inventory.filter(({ key }) => objectId(key) !== id) };
  }
  // Now, not later: an inventory that still names what is gone would be wrong, one that has forgotten more would be worse.
  await ports.records.save(memory.record);
  memory.unsaved = false;
  return pending;
}
