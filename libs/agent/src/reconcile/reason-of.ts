import {
  driftText,
  objectTitle,
  shortCommit,
  type DesiredEntry,
  type HealthStatus,
  type Reason,
  type SyncStatus,
} from '@flotilla/model';
import { driftedField, wholeObject } from '../apply/object-drift.ts';
import { isDrift, type ObjectPlan, type PlannedObject } from '../apply/object-plan.ts';
import { namespaceDrift, type NamespaceStanding } from '../apply/kept-namespace.ts';
import { saidText } from '../live/said.ts';
import type { DeliveryState } from './delivery-state.ts';
import { failedDeparture } from './departure.ts';
import { freezeReason } from './freezing.ts';
import { hookTitle, type HookStanding } from './hook-standing.ts';
import type { Observation } from './observe-state.ts';
import { retryOf, triedText } from './retry.ts';
import type { PendingDelete, TargetMemory, WorkloadFailure } from './target-memory.ts';
import { waitText, type Wait } from './wait.ts';

/** Why a target is not what it should be: what a person has to know first. */
export function reasonOf(
  memory: TargetMemory,
  { state, plan, namespace }: Observation,
  { sync, health }: { sync: SyncStatus; health: HealthStatus },
): Reason | undefined {
  const { fault, failure, attempts, entry } = memory;
  if (state.name === 'Suspended') return { code: 'Suspended', message: `suspended by ${state.by}: ${state.reason}` };
  if (state.name === 'Frozen') return freezeReason(memory);
  if (state.name === 'Unlisted')
    return { code: 'Unlisted', message: 'no order speaks of this target any more; it is kept as it is' };
  const left = memory.gone ? failedDeparture(memory.record) : undefined;
  if (left)
    return { code: 'HookFailed', message: `PostDelete hook ${objectTitle(left.key)} failed: ${left.why ?? ''}` };
  if (fault) return { code: fault.reason, message: `${fault.message}${triedText(attempts + 1, retryOf(entry))}` };
  if (memory.pin && memory.differsFromSet) return pinReason(memory);
  if (memory.freezing?.bundle && !memory.pin) return freezeReason(memory);
  if (memory.retreated && memory.differsFromSet && !memory.pin) return retreatReason(memory);
  if (state.name === 'Closed') return { code: 'Window', message: state.message };
  if (state.name === 'Contested') return contestReason(state);
  if (state.name === 'Blocked') return blockedReason(state.wait, failure);
  if (state.name === 'SyncFailed') return failedReason(state.hook);
  if (state.name === 'DepartureHeld') return heldReason(state);
  if (failure && health !== 'Healthy') return failure.reason;
  // Who goes back deletes nothing, and that is no news of the application's settings.
  if (state.name === 'Waiting' && state.block && !entry?.pin) return state.block;
  if (memory.pending.length > 0) return { code: 'PrunePending', message: pendingText(memory.pending) };
  const suspended = plan?.objects.find(({ live, standing }) => live?.suspended !== undefined && standing !== 'same');
  if (suspended)
    return {
      code: 'Suspended',
      message: `${objectTitle(suspended.desired.key)} is suspended ${saidText(suspended.live!.suspended!)}`,
    };
  if (health === 'Healthy' && sync === 'Synced') return againstGitReason(entry, plan);
  return firstObjectReason(plan) ?? (namespace && namespaceReason(namespace));
}

const pendingNamedMax = 3;

function pendingText(pending: readonly PendingDelete[]): string {
  const named = pending.slice(0, pendingNamedMax).map(({ key, forWhat }) => `${objectTitle(key)}: ${forWhat}`);
  const more = pending.length > named.length ? `; ${pending.length - named.length} more stand among its resources` : '';
  return `${pending.length} ${pending.length === 1 ? 'object is' : 'objects are'} to go and still there: ${named.join('; ')}${more}`;
}

function firstObjectReason(plan: ObjectPlan | undefined): Reason | undefined {
  const unwell = plan?.objects.find(({ live }) => live && live.health.status !== 'Healthy');
  if (unwell?.live?.health.reason) {
    const { code, message } = unwell.live.health.reason;
    return { code, message: `${objectTitle(unwell.desired.key)}: ${message}` };
  }
  const drifted = plan?.objects.find(({ standing, mode }) => isDrift(standing) && mode !== 'off');
  return drifted && { code: 'Drifted', message: driftReason(drifted) };
}

function namespaceReason(namespace: NamespaceStanding): Reason | undefined {
  const title = objectTitle(namespace.key);
  if (namespace.isSuspended) return { code: 'Suspended', message: `${title} is suspended by a person` };
  const drift = namespaceDrift(namespace, false);
  return drift.length > 0 ? { code: 'Drifted', message: driftText(drift) } : undefined;
}

function driftReason({ desired, live, standing, drift }: PlannedObject): string {
  const title = objectTitle(desired.key);
  if (standing === 'deleted') return driftText([driftedField(desired, wholeObject, false)]);
  const told = drift.filter(({ mode }) => mode !== 'off');
  if (told.length === 0) return `${title} was changed by ${live?.lastManager?.name ?? 'somebody'}`;
  return driftText(told.map((change) => driftedField(desired, change, false)));
}

function pinReason({ ordered, entry, pin }: TargetMemory): Reason {
  const [held, git] = [entry, ordered].map((each) => shortCommit(each!.source.revision));
  return { code: 'Pinned', message: `held at ${held} ${saidText({ ...pin!, text: `Git says ${git}` })}` };
}

function retreatReason({ record }: TargetMemory): Reason {
  const { from, at, why } = record.retreat!;
  const message = `it went back by itself at ${at}, while nobody heard the agent, because ${shortCommit(from.revision)} failed: ${why}; another release, or a sync that a person asks for, ends that`;
  return { code: 'Retreated', message };
}

/** All is well, and still not what Git says. */
function againstGitReason(entry: DesiredEntry | undefined, plan: ObjectPlan | undefined): Reason | undefined {
  if (!entry?.pin) return undefined;
  const { by, since, reason } = entry.pin;
  const left = plan?.leftovers.length ?? 0;
  const stay = left === 1 ? 'object of what ran before stays' : 'objects of what ran before stay';
  const leftovers = left > 0 ? `; ${left} ${stay} until Git agrees` : '';
  const held = shortCommit(entry.source.revision);
  return { code: 'Pinned', message: `held at ${held} by ${by} since ${since}: ${reason}${leftovers}` };
}

/** What is known below a workload says more than the workload itself. */
function blockedReason(wait: Wait, failure: WorkloadFailure | undefined): Reason {
  const isAboutIt = failure && objectTitle(failure.workload) === wait.on;
  const known = isAboutIt ? { ...wait, why: failure.reason.message.replace(`${wait.on}: `, '') } : wait;
  return { code: wait.isLate ? 'DeadlineExceeded' : (wait.code ?? 'Waiting'), message: waitText(known) };
}

function failedReason(hook: HookStanding): Reason {
  const { why = 'nobody says why' } = hook.run ?? {};
  const effect = hook.turn.phase === 'PostSync' ? 'what was applied stays' : 'nothing after it was applied';
  const message = `${hookTitle(hook)} failed: ${why}; ${effect}; it is run again by a new release, or when a person asks for a sync`;
  return { code: 'HookFailed', message };
}

function heldReason({ hook, command }: Extract<DeliveryState, { name: 'DepartureHeld' }>): Reason {
  const { why = 'nobody says why' } = hook.run ?? {};
  const ways = `it is run again when a person asks for a sync, and passed over with: ${command}`;
  return { code: 'HookFailed', message: `${hookTitle(hook)} failed: ${why}; nothing is deleted; ${ways}` };
}

function contestReason({ contest, forMs }: Extract<DeliveryState, { name: 'Contested' }>): Reason {
  const { key, opponent, count } = contest;
  const seconds = Math.ceil(forMs / 1_000);
  const what = opponent.field === undefined ? 'changes it' : `changes ${opponent.field}`;
  return {
    code: 'Contested',
    message: `${objectTitle(key)} was taken back ${count} times and ${opponent.manager} ${what} again each time; it is let be for ${seconds} s: end one of the two, or set drift to report there`,
  };
}
