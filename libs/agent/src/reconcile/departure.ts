import { digestOf } from '@flotilla/foundation/node';
import { objectId } from '@flotilla/model';
import { hookTypesOf, waveOf } from '@flotilla/workload-manifests';
import type { DesiredHook } from '../apply/desired-object.ts';
import type { HookRecord, HookRun, TargetRecord } from '../keep/target-record.ts';
import { marks } from '../names.ts';
import { guardDeletion } from './deletion-guard.ts';
import type { DeliveryState } from './delivery-state.ts';
import { runOf, runsFor } from './hook-runs.ts';
import { hookStanding, syncName, type HookStanding } from './hook-standing.ts';
import { nextTurn } from './next-turn.ts';
import { spentItems } from './spent-hooks.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';
import { blockedBy } from './wait.ts';

const suffix = '-delete';

type DeparturePhase = 'PreDelete' | 'PostDelete';

/** The hooks of these that run as the target leaves, before or after all else of it is deleted. */
export function departureHooks(hooks: readonly DesiredHook[], phase: DeparturePhase): DesiredHook[] {
  return hooks.filter(({ object }) => hookTypesOf(object).includes(phase));
}

/** What is to be written down of hooks before a deletion while a target runs. */
export function beforeDeleteOf({ record, rendered }: TargetMemory): TargetRecord['beforeDelete'] {
  const hooks = departureHooks(rendered!.hooks, 'PreDelete');
  if (hooks.length === 0) return undefined;
  const { sync, returns = 0 } = record.beforeDelete ?? {};
  const again = sync === undefined ? returns : returns + 1;
  return { hooks, runs: [], ...(again > 0 && { returns: again }) };
}

/**
 * Whether the record does not hold what is to run before a deletion, as one of before did not; or what became of it when the
 * target was about to leave, and is wanted again.
 */
export function isDepartureOutdated({ record: { beforeDelete }, rendered }: TargetMemory): boolean {
  const isNeeded = departureHooks(rendered!.hooks, 'PreDelete').length > 0;
  return beforeDelete?.sync !== undefined || isNeeded !== (beforeDelete !== undefined);
}

/**
 * What is next for a target that leaves, besides its deletion: to wait for those that depend on it and leave as well, the
 * hooks before anything of it goes, and those for when nothing else of it is left. Nothing when there are none, or all are
 * through.
 */
export function departureState(memory: TargetMemory, ports: StepPorts): DeliveryState | undefined {
  if (memory.entry!.intent !== 'delete') return undefined;
  const { dependent } = memory.neighbours;
  const held = dependent && blockedBy(dependent, { memory, clock: ports.clock });
  // Nobody is kept here by another: who waits in vain goes all the same.
  if (held && !held.wait.isLate) return held;
  return stateBefore(memory, ports) ?? stateAfter(memory, ports);
}

/**
 * Nothing is deleted before these are through. They do not begin while a person is still asked whether it may be, for that
 * may take days; one that fails holds the deletion until a person says what becomes of it.
 */
function stateBefore(memory: TargetMemory, ports: StepPorts): DeliveryState | undefined {
  const { record } = memory;
  const standings = standingsOf(memory, ports, 'PreDelete');
  if (standings.length === 0 || hasRunAfter(record, departureName(memory))) return undefined;
  const hasBegun = standings.some(({ run }) => run !== undefined);
  if (!hasBegun && isAskedFirst(memory, ports)) return undefined;
  const over = standings.filter(({ state }) => state.name === 'over');
  if (over.length > 0) return { name: 'HooksOver', hooks: over };
  const spent = spentItems(standings, memory);
  if (spent.length > 0) return { name: 'HooksSpent', items: spent };
  const failed = standings.filter(({ state }) => state.name === 'failed');
  if (failed.length > 0) return heldBy(failed[0]!, memory, ports);
  return hooksDue(standings, memory, ports);
}

function stateAfter(memory: TargetMemory, ports: StepPorts): DeliveryState | undefined {
  if (!isEmptied(memory.record)) return undefined;
  const standings = standingsOf(memory, ports, 'PostDelete');
  const over = standings.filter(({ state }) => state.name === 'over');
  if (over.length > 0) return { name: 'HooksOver', hooks: over };
  return hooksDue(standings, memory, ports);
}

function hooksDue(
  standings: readonly HookStanding[],
  memory: TargetMemory,
  { clock }: StepPorts,
): DeliveryState | undefined {
  const { hooks, waits } = nextTurn([], { isSyncing: false, hooks: standings });
  if (hooks.length > 0) return { name: 'HooksDue', hooks, sync: departureName(memory) };
  return waits && blockedBy(waits, { memory, clock });
}

function isAskedFirst(memory: TargetMemory, ports: StepPorts): boolean {
  const { block, isMeant } = guardDeletion(memory, ports);
  return block !== undefined && !isMeant;
}

/** Once a person says so, the deletion goes on as if it had not failed. */
function heldBy(hook: HookStanding, memory: TargetMemory, ports: StepPorts): DeliveryState | undefined {
  const { target } = memory;
  const failure = digestOf([departureName(memory), hook.run]).slice(0, 16);
  if (ports.suspensions.passedHook(target) === failure) return undefined;
  const { namespace, name } = ports.records.keyOf(target);
  const command = `kubectl annotate --overwrite secret -n ${namespace} ${name} ${marks.passHook}=${failure}`;
  return { name: 'DepartureHeld', hook, command };
}

function departureName({ entry, record: { beforeDelete } }: TargetMemory): string {
  const { returns = 0 } = beforeDelete ?? {};
  return [syncName(entry!), ...(returns > 0 ? [returns] : [])].join('-') + suffix;
}

function standingsOf(memory: TargetMemory, { live, clock }: StepPorts, phase: DeparturePhase): HookStanding[] {
  const { entry, record } = memory;
  const runs = runsFor(record, { phase });
  const known = runs?.sync === departureName(memory) ? runs : undefined;
  const world = { live: live.get.bind(live), nowMs: clock.now() };
  const hooks = (phase === 'PreDelete' ? record.beforeDelete?.hooks : record.afterDelete) ?? [];
  return hooks.map((hook) => {
    const turn = { phase, wave: waveOf(hook.object) };
    return hookStanding({ hook, turn, run: known && runOf(known, hook.key, turn), entry: entry! }, world);
  });
}

/** What comes last has begun: whatever is still known of what came first, nothing is left that it could be for. */
function hasRunAfter({ hooks }: TargetRecord, sync: string): boolean {
  return hooks?.sync === sync && hooks.runs.length > 0;
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
