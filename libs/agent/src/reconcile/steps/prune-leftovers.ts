import { toFault, type Fault } from '@flotilla/foundation';
import { intentOf, objectId, objectTitle } from '@flotilla/model';
import { pruneOrder } from '@flotilla/workload-manifests';
import { wholeObject } from '../../apply/object-drift.ts';
import { pruneObject, type Pruned } from '../../apply/prune-object.ts';
import type { InventoryItem } from '../../keep/target-record.ts';
import { isStillClaimed } from '../release-claims.ts';
import { saveRecord } from '../save-record.ts';
import type { Step, StepPorts } from '../step.ts';
import type { PendingDelete, TargetMemory } from '../target-memory.ts';

/** Deletes what Git no longer holds. It is reached only after resolve, fetch, render and every apply succeeded. */
export const pruneLeftovers: Step<'Leftover'> = {
  name: 'prune leftovers',
  run: async ({ memory, state, ports }) => {
    memory.letThrough(state.leftovers, ports.suspensions.approvedPrune(memory.target));
    await pruneItems(state.leftovers, memory, ports);
  },
};

/**
 * Deletes these objects, users before what they use, and remembers which have to wait, and for what. One that the API
 * server refuses to delete does not stop its neighbours, but what comes after it, because it may still use that.
 */
export async function pruneItems(
  items: readonly InventoryItem[],
  memory: TargetMemory,
  ports: StepPorts,
): Promise<void> {
  const { inventory } = memory.record;
  const pending: PendingDelete[] = [];
  for (const layer of pruneOrder(items)) {
    const refused = await pruneLayer(layer, { memory, ports, pending });
    if (refused) break;
  }
  memory.pending = pending;
  // Now, not later: an inventory that still names what is gone would be wrong, one that has forgotten more would be worse.
  if (memory.record.inventory !== inventory) await saveRecord(memory, ports, memory.record);
  const unheard = pending.find(({ silence }) => silence !== undefined);
  if (unheard) throw unheard.silence!;
}

interface Pruning {
  readonly memory: TargetMemory;
  readonly ports: StepPorts;
  readonly pending: PendingDelete[];
}

/** Whether something of it was refused. */
async function pruneLayer(layer: readonly InventoryItem[], { memory, ports, pending }: Pruning): Promise<boolean> {
  const { entry, target } = memory;
  // Who stops us, or orders something else meanwhile, is heard before each object.
  const isStillMeant = () => memory.entry === entry && !ports.suspensions.reasonFor(target);
  const { cascade, pruneAdopted } = entry!.sync;
  const options = { target, isStillMeant, cascade, pruneAdopted, allGoes: intentOf(entry!) !== 'run' };
  let refused = false;
  for (const item of layer) {
    if (!isStillMeant()) return true;
    const isApproved = memory.isApproved(item);
    const pruned = await pruneObject(ports.cluster, item, { ...options, isApproved }).catch((error: unknown) =>
      afterError(error, item, { memory, ports }),
    );
    refused ||= !('kind' in pruned);
    const left = pendingOf(item, pruned);
    if (left) pending.push(left);
    else forget(item, memory, ports);
  }
  return refused;
}

/** What nobody can look at may be known to be gone all the same. */
async function afterError(
  error: unknown,
  item: InventoryItem,
  { memory, ports }: Pick<Pruning, 'memory' | 'ports'>,
): Promise<Pruned | Fault> {
  if (isGoneUnseen(error, item, ports)) return { kind: 'gone' };
  const fault = toFault(error);
  if (fault.reason !== 'KindUnknown' || !(await ports.goneKinds.isGone(item.key))) return fault;
  // A person should know that it went, and that nobody here told it to.
  memory.drift = [...memory.drift, { object: objectTitle(item.key), ...wholeObject, corrected: false }];
  return { kind: 'gone' };
}

/**
 * Whom the application acts as may not look any more, as when its rights went with its namespace. Our own watch may, and
 * nothing of ours stands there.
 */
export function isGoneUnseen(error: unknown, { key }: InventoryItem, { live }: StepPorts): boolean {
  return toFault(error).code === 'forbidden' && live.hasListed([key]) && !live.get(key);
}

const silences = new Set<Fault['code']>(['unavailable', 'timeout', 'too-many', 'unauthenticated']);

/** A server that says no is remembered with its words; one that says nothing is asked again before anything is said. */
function pendingOf(item: InventoryItem, pruned: Pruned | Fault): PendingDelete | undefined {
  if ('kind' in pruned) return pruned.kind === 'waiting' ? { key: item.key, forWhat: pruned.forWhat } : undefined;
  const isSilent = silences.has(pruned.code) && pruned.reason !== 'WebhookFailed';
  return { key: item.key, forWhat: pruned.message, ...(isSilent && { silence: pruned }) };
}

/** It is not ours any more, and nothing that was known of it is. */
export function forget(item: InventoryItem, memory: TargetMemory, { claims, live }: StepPorts): void {
  const id = objectId(item.key);
  if (!isStillClaimed(memory, item.key)) claims.release(item.key, memory.target);
  live.forget(item.key);
  memory.record = { ...memory.record, inventory: memory.record.inventory.filter(({ key }) => objectId(key) !== id) };
}
