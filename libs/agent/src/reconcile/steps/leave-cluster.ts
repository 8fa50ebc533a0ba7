import { Fault } from '@flotilla/foundation';
import { targetTitle } from '@flotilla/model';
import { isProvenOurs } from '../../apply/ownership.ts';
import { guardPrune, takesMoreWithIt, type PruneBlock } from '../../apply/prune-guard.ts';
import { letGo } from '../../apply/prune-object.ts';
import type { InventoryItem } from '../../keep/target-record.ts';
import { liveObject } from '../../live/live-object.ts';
import type { Step, StepContext } from '../step.ts';
import { departureState, isEmptied } from '../departure.ts';
import { forget, pruneItems } from './prune-leftovers.ts';

/** Takes a target out of this cluster as its entry says: its objects left in place without our marks, or deleted. */
export const leaveCluster: Step<'Leaving'> = {
  name: 'leave cluster',
  run: async (context) => {
    const { memory, state, ports } = context;
    if (state.intent === 'orphan') await orphanAll(context);
    else if (isEmptied(memory.record)) await clearHooks(context);
    else await deleteAll(context);
    if (memory.record.inventory.length > 0) return;
    // What is to run once all of it is gone has its turn now.
    if (departureState(memory, ports)) return;
    await ports.records.delete(memory.target);
    memory.gone = true;
  },
};

async function orphanAll({ memory, ports }: StepContext<'Leaving'>): Promise<void> {
  for (const item of memory.record.inventory) {
    const there = await ports.cluster.get(item.key);
    const isOurs = there && isProvenOurs({ target: memory.target, item, live: liveObject(there) });
    const isLeft = !isOurs || (await letGo(ports.cluster, item, there));
    if (isLeft) forget(item, memory, ports);
  }
  memory.pendingDeletes = memory.record.inventory.length;
}

/** The hooks that ran last go as well: nobody would know them. One that failed stays, for people to look at. */
async function clearHooks({ memory, ports }: StepContext<'Leaving'>): Promise<void> {
  const { inventory, hooks } = memory.record;
  const failed = new Set(hooks?.runs.filter(({ ended }) => ended === 'failed').map(({ uid }) => uid));
  for (const item of inventory.filter(({ uid }) => failed.has(uid))) {
    const there = await ports.cluster.get(item.key);
    if (!there || (await letGo(ports.cluster, item, there))) forget(item, memory, ports);
  }
  memory.pendingDeletes = await pruneItems(memory.record.inventory, memory, ports);
}

/**
 * A person who deleted the application was told what goes with it, so its size is no question; kinds that take more with
 * them still are. Whatever else makes a target leave, a label or a commit, nobody may have meant: all of it goes under the
 * budget, and waits as one list.
 */
async function deleteAll(context: StepContext<'Leaving'>): Promise<void> {
  const { memory, ports } = context;
  const { inventory } = memory.record;
  const isMeant = memory.entry!.deletedBy !== undefined;
  const guarded = isMeant ? inventory.filter(takesMoreWithIt) : inventory;
  const total = isMeant ? Number.POSITIVE_INFINITY : inventory.length;
  // Once all of it was let through, what finalizers still hold is no new list.
  const block = memory.cleared === memory.entry ? undefined : guarding(context, guarded, total);
  if (!block) memory.cleared = memory.entry;
  const deletable = block ? inventory.filter((item) => !guarded.includes(item)) : inventory;
  memory.pendingDeletes = await pruneItems(deletable, memory, ports);
  if (block) throw waitsForPerson(block, context);
}

function guarding({ memory, ports }: StepContext<'Leaving'>, leftovers: readonly InventoryItem[], total: number) {
  return guardPrune({
    leftovers,
    total,
    emptyRender: false,
    pruneEnabled: true,
    record: ports.records.keyOf(memory.target),
    approved: ports.suspensions.approvedPrune(memory.target),
  });
}

function waitsForPerson({ code, message }: PruneBlock, { memory }: StepContext<'Leaving'>): Fault {
  return new Fault({
    code: 'conflict',
    reason: code,
    message,
    subject: targetTitle(memory.entry!),
    consequence: { kind: 'stall', until: 'a person approves the deletion' },
  });
}
