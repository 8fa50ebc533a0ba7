import { shortened } from '@flotilla/foundation';
import {
  intentOf,
  objectId,
  worstHealth,
  worstSync,
  type DesiredEntry,
  type DriftedField,
  type HealthStatus,
  type ObjectKey,
  type Reason,
  type ResourceStatus,
  type SyncStatus,
  type TargetStatus,
} from '@flotilla/model';
import { namespaceDrift, type NamespaceStanding } from '../apply/kept-namespace.ts';
import type { LiveObject } from '../live/live-object.ts';
import { driftedField, wholeObject } from '../apply/object-drift.ts';
import { isDrift, type ObjectPlan, type PlannedObject } from '../apply/object-plan.ts';
import { reasonOf } from './reason-of.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { Observation } from './observe-state.ts';
import type { TargetMemory } from './target-memory.ts';

const resourcesMax = 5_000;
const driftMax = 100;
const resourceMessageMax = 300;

/** What the agent says of a target now. Pure; `since` is filled in by whoever knows what was said before. */
export function summarise(memory: TargetMemory, observation: Observation): Omit<TargetStatus, 'since'> {
  const { state, plan } = observation;
  const { entry, record } = memory;
  const drift = driftTold(memory, observation);
  const { running } = record;
  const sync = syncOf(memory, observation);
  const health = targetHealth(memory, observation);
  const reason = bounded(reasonOf(memory, observation, { sync, health }));
  return {
    target: memory.target,
    generation: entry?.generation ?? 0,
    ...(running && {
      revision: running.revision,
      release: running.release,
      sourceDigest: running.sourceDigest,
      renderDigest: running.renderDigest,
      appliedAt: running.appliedAt,
      ...(running.images && { images: running.images }),
    }),
    sync,
    health,
    ...(reason && { reason }),
    ...(memory.gone && { gone: true }),
    resources: [
      ...(plan?.objects ?? []).map((planned) => resourceOf(planned, memory)),
      ...leavingOf(memory, { state, plan }),
    ].slice(0, resourcesMax),
    ...(drift.length > 0 && { drift }),
  };
}

/** What differs now, and what was taken back before. */
function driftTold({ drift, entry }: TargetMemory, { plan, namespace }: Observation): DriftedField[] {
  const objects = (plan?.objects ?? []).filter(({ standing }) => isDrift(standing)).flatMap(driftOfObject);
  const onNamespace = namespace && entry?.sync.drift !== 'off' ? namespaceDrift(namespace, false) : [];
  const now = [...objects, ...onNamespace];
  const known = new Set(now.map(fieldId));
  return [...now, ...drift.filter((each) => !known.has(fieldId(each)))]
    .slice(0, driftMax)
    .map((each) => ({ ...each, field: shortened(each.field, 400), manager: shortened(each.manager, 128) }));
}

function driftOfObject({ desired, standing, drift, mode }: PlannedObject): DriftedField[] {
  if (standing === 'deleted' && mode !== 'off') return [driftedField(desired, wholeObject, false)];
  return drift.filter((change) => change.mode !== 'off').map((change) => driftedField(desired, change, false));
}

function fieldId({ object, field }: DriftedField): string {
  return `${object} ${field}`;
}

/** What is to go, each with what it waits for: the whole list, so that a person can read what is to be approved. */
function leavingOf(memory: TargetMemory, { state, plan }: Observation): ResourceStatus[] {
  const { entry, record, pending, fault } = memory;
  const isLeaving = entry !== undefined && intentOf(entry) !== 'run' && !memory.gone;
  const items = isLeaving ? record.inventory : (plan?.leftovers ?? []);
  const block = state.name === 'Waiting' ? state.block?.code : fault?.reason;
  const held = new Map(pending.map(({ key, forWhat }) => [objectId(key), forWhat]));
  return items.map(({ key }) => {
    const forWhat = held.get(objectId(key));
    const reason = forWhat ? { code: 'PrunePending', message: forWhat } : leavingReason(block);
    const shown = bounded(reason, resourceMessageMax);
    return {
      ...nameOf(key),
      sync: 'OutOfSync',
      health: forWhat ? 'Progressing' : 'Unknown',
      ...(shown && { reason: shown }),
    };
  });
}

function leavingReason(block: string | undefined): Reason {
  if (block === 'PruneOff') return { code: block, message: 'it left Git and stays: sync.prune is false' };
  if (block === 'ApprovalRequired' || block === 'EmptySource')
    return { code: block, message: 'it is deleted once a person approves the whole list' };
  return { code: 'Leftover', message: 'it is wanted no more' };
}

/** What people and clusters write is of any length; a report that is too long in one place would be refused whole. */
function bounded(reason: Reason | undefined, messageMax = 2_000): Reason | undefined {
  return reason && { code: shortened(reason.code, 64), message: shortened(reason.message, messageMax) };
}

/** Synced is said only when the record says that this very entry is applied, and the cluster still agrees. */
function syncOf(memory: TargetMemory, { plan, namespace }: Observation): SyncStatus {
  const { entry, record } = memory;
  if (!plan || !entry) return memory.gone ? 'Synced' : 'Unknown';
  const runs = record.running?.sourceDigest === entry.sourceDigest && record.running.release === entry.release;
  const leftovers = plan.leftovers.length > 0 && entry.sync.prune;
  const isNamespaceSame = !namespace || isNamespaceInStep(namespace, entry);
  return worstSync([
    ...plan.objects.map(syncOfObject),
    isNamespaceSame ? 'Synced' : 'OutOfSync',
    runs && !leftovers && !memory.differsFromSet ? 'Synced' : 'OutOfSync',
  ]);
}

function isNamespaceInStep({ standing }: NamespaceStanding, { sync }: DesiredEntry): boolean {
  return standing === 'same' || (standing === 'drifted' && sync.drift === 'off');
}

function syncOfObject({ standing, mode }: PlannedObject): SyncStatus {
  return standing === 'same' || (isDrift(standing) && mode === 'off') ? 'Synced' : 'OutOfSync';
}

function targetHealth(memory: TargetMemory, { state, plan }: Observation): HealthStatus {
  if (memory.gone) return 'Missing';
  // What leaves is compared with nothing, so this is all that is known of it.
  if (state.name === 'DepartureHeld') return 'Degraded';
  return worstHealth([healthOf(memory, plan), ...healthOfState(state)]);
}

function healthOf(memory: TargetMemory, plan: ObjectPlan | undefined): HealthStatus {
  if (!plan) return memory.record.running ? 'Unknown' : 'Missing';
  return worstHealth(plan.objects.map((planned) => objectHealth(planned, memory).status));
}

/** Who waited in vain is not on the way any more. */
function healthOfState(state: DeliveryState): HealthStatus[] {
  if (state.name === 'SyncFailed') return ['Degraded'];
  return state.name === 'Blocked' ? [state.wait.isLate ? 'Degraded' : 'Progressing'] : [];
}

/** A container that cannot start is no progress, however patient the workload's own deadline is. */
function objectHealth({ desired, live }: PlannedObject, { failure }: TargetMemory): LiveObject['health'] {
  const own = live?.health ?? { status: 'Missing' };
  const fails = own.status === 'Progressing' && failure && objectId(failure.workload) === objectId(desired.key);
  return fails ? { status: 'Degraded', reason: failure.reason } : own;
}

function resourceOf(planned: PlannedObject, memory: TargetMemory): ResourceStatus {
  const health = objectHealth(planned, memory);
  const reason = bounded(health.reason, resourceMessageMax);
  return {
    ...nameOf(planned.desired.key),
    sync: syncOfObject(planned),
    health: health.status,
    ...(reason && { reason }),
  };
}

function nameOf({
  group,
  kind,
  namespace,
  name,
}: ObjectKey): Pick<ResourceStatus, 'group' | 'kind' | 'namespace' | 'name'> {
  return { group, kind, ...(namespace && { namespace }), name };
}
