import { Fault } from '@flotilla/foundation';
import { targetTitle } from '@flotilla/model';
import { isProvenOurs } from '../../apply/ownership.ts';
import { guardPrune } from '../../apply/prune-guard.ts';
import { letGo } from '../../apply/prune-object.ts';
import { liveObject } from '../../live/live-object.ts';
import type { Step, StepContext } from '../step.ts';
import { forget, pruneItems } from './prune-leftovers.ts';

/** Takes a target out of this cluster as its entry says: its objects left in place without our marks, or deleted. */
export const leaveCluster: Step<'Leaving'> = {
  name: 'leave cluster',
  run: async (context) => {
    const { memory, state, ports } = context;
    if (state.intent === 'orphan') await orphanAll(context);
    else await deleteAll(context);
    if (memory.record.inventory.length > 0) return;
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

/** Deleting a whole target was asked for, so its size is no question; kinds that take more with them still are. */
async function deleteAll({ memory, ports }: StepContext<'Leaving'>): Promise<void> {
  const { inventory } = memory.record;
  const asked = {
    total: Number.POSITIVE_INFINITY,
    emptyRender: false,
    pruneEnabled: true,
    record: ports.records.keyOf(memory.target),
    approved: undefined,
  };
  const dangerous = inventory.filter((item) => guardPrune({ ...asked, leftovers: [item] }));
  const approved = ports.suspensions.approvedPrune(memory.target);
  const block = guardPrune({ ...asked, leftovers: dangerous, approved });
  const deletable = block ? inventory.filter((item) => !dangerous.includes(item)) : inventory;
  memory.pendingDeletes = await pruneItems(deletable, memory, ports);
  if (!block) return;
  throw new Fault({
    code: 'conflict',
    reason: block.code,
    message: block.message,
    subject: targetTitle(memory.entry!),
    consequence: { kind: 'stall', until: 'a person approves the deletion' },
  });
}
