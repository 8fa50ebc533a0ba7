import { Fault, toFault } from '@flotilla/foundation';
import { targetTitle } from '@flotilla/model';
import { clearNamespace, letNamespaceBe } from '../../apply/kept-namespace.ts';
import { isProvenOurs } from '../../apply/ownership.ts';
import type { PruneBlock } from '../../apply/prune-guard.ts';
import { letGo } from '../../apply/prune-object.ts';
import type { InventoryItem } from '../../keep/target-record.ts';
import { liveObject } from '../../live/live-object.ts';
import { guardDeletion } from '../deletion-guard.ts';
import type { Step, StepContext } from '../step.ts';
import { departureState, isEmptied } from '../departure.ts';
import { releaseClaims } from '../release-claims.ts';
import type { PendingDelete } from '../target-memory.ts';
import { forget, isGoneUnseen, pruneItems } from './prune-leftovers.ts';

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
    await leaveNamespace(context);
    await ports.records.delete(memory.target);
    releaseClaims(memory, ports);
    memory.gone = true;
  },
};

/** What is ours on the namespace goes as our objects do; the namespace stays, whoever made it. */
async function leaveNamespace({ memory, state, ports }: StepContext<'Leaving'>): Promise<void> {
  const { target, record } = memory;
  if (!record.keptNamespace) return;
  const { name } = record.keptNamespace;
  const leave = state.intent === 'delete' ? clearNamespace : letNamespaceBe;
  await leave(ports.cluster, { target, name });
}

async function orphanAll({ memory, ports }: StepContext<'Leaving'>): Promise<void> {
  const pending: PendingDelete[] = [];
  for (const item of memory.record.inventory) {
    const isLeft = await leaveAlone(item, { memory, ports });
    if (isLeft) forget(item, memory, ports);
    else pending.push({ key: item.key, forWhat: 'a person suspended it, or writes it in this very moment' });
  }
  memory.pending = pending;
}

/** What the API server serves no more carries no mark of ours that anybody could see. */
async function leaveAlone(
  item: InventoryItem,
  { memory, ports }: Pick<StepContext<'Leaving'>, 'memory' | 'ports'>,
): Promise<boolean> {
  const there = await ports.cluster.get(item.key).catch((error: unknown) => {
    if (toFault(error).reason === 'KindUnknown' || isGoneUnseen(error, item, ports)) return undefined;
    throw error;
  });
  if (!there || !isProvenOurs({ target: memory.target, item, live: liveObject(there) })) return true;
  return letGo(ports.cluster, item, there);
}

/** The hooks that ran last go as well: nobody would know them. One that failed stays, for people to look at. */
async function clearHooks({ memory, ports }: StepContext<'Leaving'>): Promise<void> {
  const { inventory, hooks } = memory.record;
  const failed = new Set(hooks?.runs.filter(({ ended }) => ended === 'failed').map(({ uid }) => uid));
  for (const item of inventory.filter(({ uid }) => failed.has(uid))) {
    const there = await ports.cluster.get(item.key);
    if (!there || (await letGo(ports.cluster, item, there))) forget(item, memory, ports);
  }
  await pruneItems(memory.record.inventory, memory, ports);
}

/** Deletes what nobody has to be asked about, or of which a person said that it goes. */
async function deleteAll(context: StepContext<'Leaving'>): Promise<void> {
  const { memory, ports } = context;
  const { inventory } = memory.record;
  const { guarded, block } = guardDeletion(memory, ports);
  if (!block) memory.letThrough(guarded, ports.suspensions.approvedPrune(memory.target));
  await pruneItems(block ? inventory.filter((item) => !guarded.includes(item)) : inventory, memory, ports);
  if (block) throw waitsForPerson(block, context);
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
