import { isDrift, type ObjectPlan } from '../apply/object-plan.ts';
import type { DeliveryState } from './delivery-state.ts';
import { hookStandings, isUnfinished, syncName, type HookStanding } from './hook-standing.ts';
import { isDue, nextTurn, type NextTurn } from './next-turn.ts';
import { spentItems } from './spent-hooks.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';
import type { Awaited } from './awaited.ts';
import { blockedBy } from './wait.ts';

/** What order in time asks for: before leftovers go and the record is settled, or after that. */
export interface OrderState {
  readonly before?: DeliveryState | undefined;
  readonly after?: DeliveryState | undefined;
}

/** Names what is next among objects and hooks, each in its turn, or what they wait for. */
export function orderState(
  memory: TargetMemory,
  ports: StepPorts,
  { plan, isSyncing }: { readonly plan: ObjectPlan; readonly isSyncing: boolean },
): OrderState {
  const world = { live: ports.live.get.bind(ports.live), nowMs: ports.clock.now() };
  const standings = hookStandings(memory, world);
  const over = standings.filter(({ state }) => state.name === 'over');
  if (over.length > 0) return { before: { name: 'HooksOver', hooks: over } };
  const spent = spentItems(standings, memory);
  if (spent.length > 0) return { before: { name: 'HooksSpent', items: spent } };
  const { dependency } = memory.neighbours;
  if (dependency && isSyncing && !memory.differsFromGit) return awaiting(dependency, { plan, memory, ports });
  const ofSync = standings.filter(({ turn }) => turn.phase !== 'SyncFail');
  const onFailure = standings.filter(({ turn }) => turn.phase === 'SyncFail');
  const failed = ofSync.find(({ state }) => state.name === 'failed');
  if (failed) return afterFailure({ failed, onFailure, plan, memory, ports });
  const turn = nextTurn(plan.objects, { isSyncing: isSyncing || ofSync.some(isUnfinished), hooks: ofSync });
  const state = actionOf(turn, syncName(memory.entry!)) ?? waitingState(turn, { onFailure, memory, ports });
  return turn.isApplied ? { after: state } : { before: state };
}

/** Nothing new is applied, and what was applied is kept in step. */
function awaiting(
  dependency: Awaited,
  { plan, memory, ports: { clock } }: { readonly plan: ObjectPlan; memory: TargetMemory; ports: StepPorts },
): OrderState {
  const drifted = plan.objects.filter((planned) => isDue(planned) && isDrift(planned.standing));
  if (drifted.length > 0) return { before: { name: 'OutOfStep', objects: drifted, isLast: false } };
  return { before: blockedBy(dependency, { memory, clock }) };
}

function actionOf({ objects, hooks, isLast }: NextTurn, sync: string): DeliveryState | undefined {
  if (objects.length > 0) return { name: 'OutOfStep', objects, isLast };
  return hooks.length > 0 ? { name: 'HooksDue', hooks, sync } : undefined;
}

interface Failing {
  readonly onFailure: readonly HookStanding[];
  readonly memory: TargetMemory;
  readonly ports: StepPorts;
}

/** Who waits too long has failed as far as hooks for that are concerned, and waits on. */
function waitingState({ waits }: NextTurn, failing: Failing): DeliveryState | undefined {
  if (!waits) return undefined;
  const blocked = blockedBy(waits, bounds(failing));
  return (blocked.wait.isLate ? actionOf(hooksAlone(failing), syncName(failing.memory.entry!)) : undefined) ?? blocked;
}

/**
 * A hook that failed stops the sync: nothing else of it is applied. What was applied is kept in step, and the hooks for
 * this case are run. A new release, or a person who asks for a sync, begins anew.
 */
function afterFailure({ failed, plan, ...failing }: Failing & { failed: HookStanding; plan: ObjectPlan }): OrderState {
  const isApplied = failed.turn.phase === 'PostSync';
  const due = plan.objects.filter((planned) => isDue(planned) && (isApplied || isDrift(planned.standing)));
  const turn = hooksAlone(failing);
  const state: DeliveryState =
    actionOf({ ...turn, objects: due, isLast: false }, syncName(failing.memory.entry!)) ??
    (turn.waits ? blockedBy(turn.waits, bounds(failing)) : { name: 'SyncFailed', hook: failed });
  return isApplied ? { after: state } : { before: state };
}

function hooksAlone({ onFailure }: Failing): NextTurn {
  return nextTurn([], { isSyncing: false, hooks: onFailure });
}

function bounds({ memory, ports: { clock } }: Failing) {
  return { memory, clock };
}
