import { shortened } from '@flotilla/foundation';
import { intentOf, objectId, stopsAll, unknownWordOf, type DesiredEntry, type Suspension } from '@flotilla/model';
import { isDrift, planObjects, type ObjectPlan, type PlannedObject } from '../apply/object-plan.ts';
import type { NamespaceStanding } from '../apply/kept-namespace.ts';
import { guardPrune } from '../apply/prune-guard.ts';
import { isTrialNeeded } from '../apply/try-object.ts';
import { begunState } from './begun-sync.ts';
import { closedWindow } from './closed-window.ts';
import type { DeliveryState } from './delivery-state.ts';
import type { StepPorts } from './step.ts';
import type { TargetMemory } from './target-memory.ts';
import { departureState, isDepartureOutdated } from './departure.ts';
import { hooksToBegin, syncName } from './hook-standing.ts';
import { namespaceState, standingOfNamespace } from './namespace-state.ts';
import { isDue } from './next-turn.ts';
import { orderState } from './order-state.ts';
import { renderInputs } from './render-inputs.ts';
import { dueRetreat } from './retreat.ts';

/** A look at the world: the state it is in, and the comparison behind it once there is something to compare. */
export interface Observation {
  readonly state: DeliveryState;
  readonly plan?: ObjectPlan | undefined;
  /** How what is wanted on its namespace stands, where anything is. */
  readonly namespace?: NamespaceStanding | undefined;
}

/** Looks at everything that matters for one target and names what it sees. Changes nothing. */
export function observeState(memory: TargetMemory, ports: StepPorts): Observation {
  const { entry, record } = memory;
  if (memory.gone) return { state: { name: 'Gone' } };
  if (!entry) return { state: { name: 'Unlisted' } };
  const suspension = ports.suspensions.reasonFor(memory.target) ?? entry.suspended ?? notUnderstood(entry);
  const suspended: DeliveryState | undefined = suspension
    ? { name: 'Suspended', by: suspension.by, reason: suspension.reason }
    : frozenState(memory);
  const intent = intentOf(entry);
  if (intent !== 'run') {
    const leaving: DeliveryState = { name: 'Leaving', intent, pending: memory.pending };
    // What is only let go keeps running as it is: no window is about that.
    const closed = intent === 'delete' ? closedState(memory, ports) : undefined;
    const next = suspended ?? closed ?? departureState(memory, ports) ?? leaving;
    return { state: begunState(memory, next, intent === 'delete') ?? next };
  }

  const bundle = record.bundles.find(({ sourceDigest }) => sourceDigest === entry.sourceDigest);
  const rendered = memory.rendered?.madeFrom === renderInputs(entry, ports.facts()) ? memory.rendered : undefined;
  // Rendering writes nothing, so a suspended target is rendered all the same: it still has a status to tell.
  if (!rendered && bundle) return { state: { name: 'Unrendered' } };
  if (!rendered) return { state: suspended ?? { name: 'SourceMissing' } };
  const isStill = standsStill(memory);
  const plan = planObjects({
    target: memory.target,
    desired: rendered.objects,
    hooks: rendered.hooks,
    inventory: record.inventory,
    live: ({ key }) => ports.live.get(key),
    settings: isTakingOver(memory) ? { ...entry.sync, drift: 'report', driftRules: [] } : entry.sync,
    isDeploying: isDeploying(memory) && !isTakingOver(memory) && !isStill,
    isScaled: ({ key }) => memory.scaled.has(objectId(key)),
    applyAll: memory.isAsked && !isStill,
    isReapplied: ({ key }) => memory.reapplied.has(entry.syncRequest, key),
    isContested: ({ key }) => memory.contests.holding(key, ports.clock.now()) !== undefined,
  });
  const namespace = standingOfNamespace(memory, ports);
  if (suspended) return { state: suspended, plan, namespace };
  const state = nameState(memory, ports, { plan, namespace });
  const next = isSync(state) ? (closedState(memory, ports) ?? state) : state;
  return { state: begunState(memory, next, isDeploying(memory) || memory.isAsked) ?? next, plan, namespace };
}

function closedState(memory: TargetMemory, { clock }: StepPorts): DeliveryState | undefined {
  const closed = closedWindow(memory, clock.now());
  return closed && { name: 'Closed', ...closed };
}

/** A pin in the cluster outranks a freeze that only holds what runs; one that stops every write stops it as well. */
function frozenState({ freezing, pin }: TargetMemory): DeliveryState | undefined {
  if (!freezing?.isStill) return undefined;
  return pin && !stopsAll(freezing.freeze) ? undefined : { name: 'Frozen' };
}

/** Whether what comes next changes what runs. */
function isSync(state: DeliveryState): boolean {
  if (state.name === 'Unrecorded') return state.objects.length > 0 || state.hooks !== undefined;
  return ['NamespaceLeft', 'NamespaceDue', 'Untried', 'OutOfStep', 'HooksDue', 'Leftover'].includes(state.name);
}

/** An order that is not understood is not guessed at: the target stays as it is, and says so. */
function notUnderstood(entry: DesiredEntry): Pick<Suspension, 'by' | 'reason'> | undefined {
  const word = unknownWordOf(entry);
  if (word === undefined) return undefined;
  return {
    by: 'this agent',
    reason: `its entry says \`${shortened(word, 32)}\`, which it does not know; upgrade the agent`,
  };
}

/** Until all of it is ours once, the tool that had it before is not fought: what it changes meanwhile is told. */
function isTakingOver({ entry, record: { running } }: TargetMemory): boolean {
  return running === undefined && (entry!.sync.takeOverFrom?.length ?? 0) > 0;
}

/** A sync takes back what was changed, whatever is done about drift between two syncs. */
function isDeploying({ entry, record: { running } }: TargetMemory): boolean {
  return running?.release !== entry!.release || running.sourceDigest !== entry!.sourceDigest;
}

/**
 * A sync that may not begin, or has failed, takes nothing back: between two syncs what is done about drift is what the
 * application says, however long this one stands in the way.
 */
function standsStill({
  entry,
  record: { hooks },
  neighbours,
  refused,
  rendered,
  differsFromGit,
}: TargetMemory): boolean {
  if (differsFromGit) return false;
  const runs = hooks && hooks.sync === syncName(entry!) ? hooks.runs : [];
  const hasFailed = runs.some(({ ended, phase }) => ended === 'failed' && phase !== 'PostSync');
  return neighbours.dependency !== undefined || hasFailed || (refused !== undefined && refused === rendered);
}

function nameState(
  memory: TargetMemory,
  ports: StepPorts,
  { plan, namespace }: { readonly plan: ObjectPlan; readonly namespace: NamespaceStanding | undefined },
): DeliveryState {
  const { suspensions, records, live, clock } = ports;
  const entry = memory.entry!;
  const { record, rendered } = memory;
  const unrecorded = plan.objects.filter(isUnrecorded);
  const isKept = memory.keptDigest === entry.sourceDigest;
  const isSyncing = isDeploying(memory) || memory.isAsked;
  const hooks = hooksToBegin(memory, isSyncing);
  if (unrecorded.length > 0 || !isKept || hooks || isDepartureOutdated(memory))
    return { name: 'Unrecorded', objects: unrecorded, hooks };
  const ofNamespace = namespaceState(memory, ports, { standing: namespace, isSyncing });
  if (ofNamespace) return ofNamespace;
  const trial = trialState(memory, plan, isSyncing);
  if (trial) return trial;
  const order = orderState(memory, ports, { plan, isSyncing });
  if (order.before) return order.before;
  const block = guardPrune({
    leftovers: plan.leftovers.filter((item) => !memory.isLetThrough(item)),
    isConfirmed: ({ key }) => live.get(key)?.deletionConfirmed === true,
    total: record.inventory.length,
    emptyRender: rendered!.empty,
    pruneEnabled: entry.sync.prune,
    record: records.keyOf(memory.target),
    approved: suspensions.approvedPrune(memory.target),
  });
  // A suspended object is not in step, so this is no complete success: nothing is deleted on top of it.
  const complete = plan.objects.every(({ standing, write, held }) => standing === 'same' || (!write && !held));
  if (plan.leftovers.length > 0 && !block && complete && memory.pending.length === 0) {
    return { name: 'Leftover', leftovers: plan.leftovers };
  }
  const isAnswered = memory.isAsked && !plan.objects.some(isDue);
  if (isAnswered || !isSettled(memory, plan)) return { name: 'Unsettled', isAnswered };
  if (order.after) return order.after;
  const held = plan.objects.find((planned) => planned.held);
  const contest = held && memory.contests.holding(held.desired.key, clock.now());
  if (contest) return { name: 'Contested', contest, forMs: contest.heldUntil - clock.now() };
  const retreat = dueRetreat(memory, {
    nowMs: clock.now(),
    unheardMs: ports.hearing.unheardMs,
    recent: memory.recentRetreats,
  });
  if (retreat) return { name: 'RetreatDue', to: retreat };
  if (block) return { name: 'Waiting', block };
  if (memory.pending.length > 0) return { name: 'Waiting', pending: memory.pending };
  return isWell(plan) && plan.leftovers.length === 0 ? { name: 'Settled' } : { name: 'Waiting' };
}

/** What is new is tried before anything is written, hooks included; not while the sync may not begin. */
function trialState(memory: TargetMemory, { objects }: ObjectPlan, isSyncing: boolean): DeliveryState | undefined {
  const { rendered, tried, refused, neighbours, differsFromGit, skipsHooks } = memory;
  const isHeld = neighbours.dependency !== undefined && isSyncing && !differsFromGit;
  const due = objects.filter(isDue);
  const isAfterHooks = isSyncing && !skipsHooks && rendered!.hooks.length > 0;
  if (tried === rendered || isHeld || !isTrialNeeded(due, isAfterHooks)) return undefined;
  // What was refused is tried again; what runs is kept in step meanwhile.
  const drifted = refused === rendered ? due.filter(({ standing }) => isDrift(standing)) : [];
  return drifted.length > 0
    ? { name: 'OutOfStep', objects: drifted, isLast: false }
    : { name: 'Untried', objects: due };
}

/** It is to be made, and the record does not say so yet: it is new, it has gone, or it was to be made from what Git said before. */
function isUnrecorded({ item, desired, live, write }: PlannedObject): boolean {
  if (!item) return true;
  const isSaid = item.uid === undefined && item.manifest === desired.manifest;
  return write && !live && !item.making && !isSaid;
}

/** Whether the record already says that exactly this entry runs, with every wanted object known by its uid. */
function isSettled(
  { entry, record, rendered, unsaved, syncRequestDone }: TargetMemory,
  { objects }: ObjectPlan,
): boolean {
  const { running } = record;
  return (
    !unsaved &&
    running?.sourceDigest === entry!.sourceDigest &&
    running.release === entry!.release &&
    running.renderDigest === rendered!.renderDigest &&
    running.syncRequest === syncRequestDone &&
    objects.every(({ item, live }) => live?.suspended !== undefined || (item?.uid !== undefined && !item.making))
  );
}

/** What a person paused is as well as he wants it to be. */
function isWell(plan: ObjectPlan): boolean {
  return plan.objects.every(({ live }) => live?.health.status === 'Healthy' || live?.health.status === 'Suspended');
}
