import { objectId } from '@flotilla/model';
import { guardPrune, takesMoreWithIt, type PruneBlock } from '../apply/prune-guard.ts';
import type { InventoryItem } from '../keep/target-record.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';

/** What of a target that leaves is asked about before it goes, and what stands in its way. */
export interface DeletionGuard {
  readonly guarded: readonly InventoryItem[];
  readonly block: PruneBlock | undefined;
  /** A person deleted the application, so that the rest goes whatever is asked about these. */
  readonly isMeant: boolean;
}

type Ports = Pick<StepPorts, 'live' | 'records' | 'suspensions'>;

/**
 * A person who deleted the application was told what goes with it, so its size is no question; kinds that take more with
 * them, and what says that a person confirms its deletion, still are. Whatever else makes a target leave, a label or a
 * commit, nobody may have meant: all of it goes under the budget, and waits as one list. What a hook made for the very
 * departure is on no list: it would be another one than was approved.
 */
export function guardDeletion(memory: TargetMemory, ports: Ports): DeletionGuard {
  const isMeant = memory.entry!.deletedBy !== undefined;
  const inventory = withoutHooks(memory);
  const asksFirst = (item: InventoryItem) => takesMoreWithIt(item) || isConfirmed(item, ports);
  const guarded = (isMeant ? inventory.filter(asksFirst) : inventory).filter((item) => !memory.isLetThrough(item));
  const block = guardPrune({
    leftovers: guarded,
    total: isMeant ? Number.POSITIVE_INFINITY : inventory.length,
    emptyRender: false,
    pruneEnabled: true,
    isConfirmed: (item) => isConfirmed(item, ports),
    record: ports.records.keyOf(memory.target),
    approved: ports.suspensions.approvedPrune(memory.target),
  });
  return { guarded, block, isMeant };
}

function withoutHooks({ record: { inventory, beforeDelete } }: TargetMemory): readonly InventoryItem[] {
  const hooks = new Set(beforeDelete?.hooks.map(({ key }) => objectId(key)));
  return inventory.filter((item) => !item.hook || takesMoreWithIt(item) || !hooks.has(objectId(item.key)));
}

function isConfirmed({ key }: InventoryItem, { live }: Pick<Ports, 'live'>): boolean {
  return live.get(key)?.deletionConfirmed === true;
}
