import { objectId } from '@flotilla/model';
import { hookTypesOf, waveOf } from '@flotilla/workload-manifests';
import type { DesiredHook } from '../apply/desired-object.ts';
import type { HookRecord, HookRun, TargetRecord } from '../keep/target-record.ts';
import type { DeliveryState } from './delivery-state.ts';
import { hookStanding, runOf, syncName, type HookStanding } from './hook-standing.ts';
import { nextTurn } from './next-turn.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';
import { blockedBy } from './wait.ts';

const suffix = '-delete';

/** The hooks of these that run once everything else of the target was deleted; Git may hold them no more by then. */
export function hooksAfterDelete(hooks: readonly DesiredHook[]): DesiredHook[] {
  return hooks.filter(({ object }) => hookTypesOf(object).includes('PostDelete'));
}

/**
 * What is next for a target that leaves, besides its deletion: to wait for those that depend on it and leave as well, and
 * the hooks for when nothing else of it is left. Nothing when there are none, or all are through.
 */
export function departureState(memory: TargetMemory, ports: StepPorts): DeliveryState | undefined {
  const { entry, record } = memory;
  if (entry!.intent !== 'delete') return undefined;
  const { dependent } = memory.neighbours;
  const held = dependent && blockedBy(dependent, { memory, clock: ports.clock });
  // Nobody is kept here by another: who waits in vain goes all the same.
  if (held && !held.wait.isLate) return held;
  if (!isEmptied(record)) return undefined;
  const sync = `${syncName(entry!)}${suffix}`;
  const standings = standingsOf(memory, ports, sync);
  const over = standings.filter(({ state }) => state.name === 'over');
  if (over.length > 0) return { name: 'HooksOver', hooks: over };
  const { hooks, waits } = nextTurn([], { isSyncing: false, hooks: standings });
  if (hooks.length > 0) return { name: 'HooksDue', hooks, sync };
  return waits && blockedBy(waits, { memory, clock: ports.clock });
}

function standingsOf({ entry, record }: TargetMemory, { live, clock }: StepPorts, sync: string): HookStanding[] {
  const known = record.hooks?.sync === sync ? record.hooks : undefined;
  const world = { live: live.get.bind(live), nowMs: clock.now() };
  return (record.afterDelete ?? []).map((hook) => {
    const turn = { phase: 'PostDelete', wave: waveOf(hook.object) } as const;
    return hookStanding({ hook, turn, run: known && runOf(known, hook.key, turn), entry: entry! }, world);
  });
}

/** Nothing is left but hooks for this very moment. */
export function isEmptied({ inventory, afterDelete = [] }: TargetRecord): boolean {
  const hooks = new Set(afterDelete.map(({ key }) => objectId(key)));
  return inventory.every(({ key, hook }) => hook === true && hooks.has(objectId(key)));
}

/** What became of the hooks of a target that left, and is wanted again, says nothing of its second life. */
export function withoutDeparture(hooks: HookRecord | undefined): HookRecord | undefined {
  return hooks?.sync.endsWith(suffix) ? undefined : hooks;
}

/** The hook that failed as the target left: it left all the same. */
export function failedDeparture({ hooks }: TargetRecord): HookRun | undefined {
  return hooks?.runs.find(({ phase, ended }) => phase === 'PostDelete' && ended === 'failed');
}
