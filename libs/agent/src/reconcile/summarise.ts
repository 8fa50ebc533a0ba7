import { shortened } from '@flotilla/foundation';
import {
  objectTitle,
  shortCommit,
  worstHealth,
  worstSync,
  type DriftMode,
  type HealthStatus,
  type Reason,
  type ResourceStatus,
  type SyncStatus,
  type TargetStatus,
} from '@flotilla/model';
import { isDrift, type ObjectPlan, type PlannedObject } from '../apply/object-plan.ts';
import { saidText } from '../live/said.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { Observation } from './observe-state.ts';
import type { TargetMemory } from './target-memory.ts';

const resourcesMax = 5_000;
const resourceMessageMax = 300;

/** What the agent says of a target now. Pure; `since` is filled in by whoever knows what was said before. */
export function summarise(memory: TargetMemory, { state, plan }: Observation): Omit<TargetStatus, 'since'> {
  const { entry, record, drift } = memory;
  const { running } = record;
  const sync = syncOf(memory, { state, plan });
  const health = memory.gone ? 'Missing' : healthOf(memory, plan);
  const reason = bounded(reasonOf(memory, { state, plan }, { sync, health }));
  return {
    target: memory.target,
    generation: entry?.generation ?? 0,
    ...(running && {
      revision: running.revision,
      release: running.release,
      sourceDigest: running.sourceDigest,
      renderDigest: running.renderDigest,
      appliedAt: running.appliedAt,
    }),
    sync,
    health,
    ...(reason && { reason }),
    ...(memory.gone && { gone: true }),
    resources: plan
      ? plan.objects.slice(0, resourcesMax).map((planned) => resourceOf(planned, driftModeOf(memory)))
      : [],
    ...(drift.length > 0 && { drift: drift.map((one) => ({ ...one, field: shortened(one.field, 400) })) }),
  };
}

/** What people and clusters write is of any length; a report that is too long in one place would be refused whole. */
function bounded(reason: Reason | undefined, messageMax = 2_000): Reason | undefined {
  return reason && { code: shortened(reason.code, 64), message: shortened(reason.message, messageMax) };
}

/** Synced is said only when the record says that this very entry is applied, and the cluster still agrees. */
function syncOf(memory: TargetMemory, { plan }: Partial<Observation>): SyncStatus {
  const { entry, record } = memory;
  if (!plan || !entry) return memory.gone ? 'Synced' : 'Unknown';
  const runs = record.running?.sourceDigest === entry.sourceDigest && record.running.release === entry.release;
  const leftovers = plan.leftovers.length > 0 && entry.sync.prune;
  return worstSync([
    ...plan.objects.map((planned) => syncOfObject(planned, driftModeOf(memory))),
    runs && !leftovers && !differsFromGit(memory) ? 'Synced' : 'OutOfSync',
  ]);
}

function differsFromGit({ ordered, entry, pin }: TargetMemory): boolean {
  return pin !== undefined && ordered?.sourceDigest !== entry?.sourceDigest;
}

function syncOfObject({ standing }: PlannedObject, drift: DriftMode): SyncStatus {
  return standing === 'same' || (isDrift(standing) && drift === 'off') ? 'Synced' : 'OutOfSync';
}

function driftModeOf({ entry }: TargetMemory): DriftMode {
  return entry?.sync.drift ?? 'report';
}

function healthOf(memory: TargetMemory, plan: ObjectPlan | undefined): HealthStatus {
  if (!plan) return memory.record.running ? 'Unknown' : 'Missing';
  const states = plan.objects.map(({ live }) => live?.health.status ?? 'Missing');
  const worst = worstHealth(states);
  // A container that cannot start is no progress, however patient the workload's own deadline is.
  return worst === 'Progressing' && memory.failure ? 'Degraded' : worst;
}

function reasonOf(
  memory: TargetMemory,
  { state, plan }: Observation,
  { sync, health }: { sync: SyncStatus; health: HealthStatus },
): Reason | undefined {
  const { fault, failure } = memory;
  if (state.name === 'Suspended') return { code: 'Suspended', message: `suspended by ${state.by}: ${state.reason}` };
  if (state.name === 'Unlisted')
    return { code: 'Unlisted', message: 'no order speaks of this target any more; it is kept as it is' };
  if (fault) return { code: fault.reason, message: fault.message };
  if (differsFromGit(memory)) return pinReason(memory);
  if (state.name === 'Contested') return contestReason(state);
  if (failure && health !== 'Healthy') return failure;
  if (state.name === 'Waiting' && state.block) return state.block;
  if (memory.pendingDeletes > 0)
    return {
      code: 'PrunePending',
      message: `${memory.pendingDeletes} objects are to go and are held, by finalizers or by a person`,
    };
  const suspended = plan?.objects.find(({ live, standing }) => live?.suspended !== undefined && standing !== 'same');
  if (suspended)
    return {
      code: 'Suspended',
      message: `${objectTitle(suspended.desired.key)} is suspended ${saidText(suspended.live!.suspended!)}`,
    };
  return health === 'Healthy' && sync === 'Synced' ? undefined : firstObjectReason(plan);
}

function firstObjectReason(plan: ObjectPlan | undefined): Reason | undefined {
  const unwell = plan?.objects.find(({ live }) => live && live.health.status !== 'Healthy');
  if (unwell?.live?.health.reason) {
    const { code, message } = unwell.live.health.reason;
    return { code, message: `${objectTitle(unwell.desired.key)}: ${message}` };
  }
  const drifted = plan?.objects.find(({ standing }) => isDrift(standing));
  return drifted && { code: 'Drifted', message: driftText(drifted) };
}

function driftText({ desired, live, standing }: PlannedObject): string {
  const title = objectTitle(desired.key);
  if (standing === 'deleted') return `${title} was deleted, and not by us`;
  return `${title} was changed by ${live?.lastManager?.name ?? 'somebody'}`;
}

function pinReason({ ordered, entry, pin }: TargetMemory): Reason {
  const [held, git] = [entry, ordered].map((each) => shortCommit(each!.source.revision));
  return { code: 'Pinned', message: `held at ${held} ${saidText({ ...pin!, text: `Git says ${git}` })}` };
}

function contestReason({ contest, forMs }: Extract<DeliveryState, { name: 'Contested' }>): Reason {
  const { key, manager, count } = contest;
  const seconds = Math.ceil(forMs / 1_000);
  return {
    code: 'Contested',
    message: `${objectTitle(key)} was taken back ${count} times and ${manager} changes it again each time; it is let be for ${seconds} s: end one of the two, or set sync.drift to report`,
  };
}

function resourceOf(planned: PlannedObject, drift: DriftMode): ResourceStatus {
  const { desired, live } = planned;
  const { group, kind, namespace, name } = desired.key;
  const reason = bounded(live?.health.reason, resourceMessageMax);
  return {
    group,
    kind,
    ...(namespace && { namespace }),
    name,
    sync: syncOfObject(planned, drift),
    health: live?.health.status ?? 'Missing',
    ...(reason && { reason }),
  };
}
