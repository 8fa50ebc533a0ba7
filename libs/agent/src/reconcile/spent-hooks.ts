import { objectId } from '@flotilla/model';
import { isHookDeletedAt } from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { isUnfinished, type HookStanding } from './hook-standing.ts';
import type { TargetMemory } from './target-memory.ts';

/** The objects of hooks that are to go by now: not before all hooks of their phase are through, which may need them. */
export function spentItems(standings: readonly HookStanding[], memory: TargetMemory): InventoryItem[] {
  if (memory.pendingHooks > 0) return [];
  const hasFailed = standings.some(({ state }) => state.name === 'failed');
  const unfinished = new Set(standings.filter(isUnfinished).map(({ turn }) => turn.phase));
  const items = new Map(memory.record.inventory.map((item) => [objectId(item.key), item]));
  return standings.flatMap(({ hook, run, turn }) => {
    const item = items.get(objectId(hook.key));
    const isOfRun = item?.hook === true && item.uid !== undefined && item.uid === run?.uid;
    if (!isOfRun || !run?.ended || (unfinished.has(turn.phase) && !hasFailed)) return [];
    return isHookDeletedAt(hook.object, run.ended) ? [item] : [];
  });
}
