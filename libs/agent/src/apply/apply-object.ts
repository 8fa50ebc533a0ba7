import { toFault } from '@flotilla/foundation';
import type { DriftedField, FieldConflict, IgnoreRule, KubeObject, TakenOverTool } from '@flotilla/model';
import {
  containsField,
  effectiveRules,
  fieldsOfPaths,
  leaveIgnored,
  matchesRule,
  removeFields,
  whoOwns,
  withoutField,
} from '@flotilla/workload-manifests';
import type { InventoryItem } from '../keep/target-record.ts';
import { liveObject } from '../live/live-object.ts';
import { fieldManager, marks, ourLabels } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { makeAbsent } from './make-absent.ts';
import { driftedField } from './object-drift.ts';
import { isToBeMade, type PlannedObject } from './object-plan.ts';
import { isOurs, isSuspended, owningInventoryOf } from './ownership.ts';
import { conflictFault, foreignFault, inventoryFault, suspendedFault } from './refusals.ts';
import { isAppliedBy, moveFields } from './take-over.ts';
import { isScaledByOthers, replicasField } from './scaled-objects.ts';

export interface ApplyObjectOptions {
  readonly cluster: ClusterApi;
  readonly planned: PlannedObject;
  /** Whether an object that is not ours may be taken over. */
  readonly adopt: boolean;
  /** Tools whose objects are taken over, and their fields with them. */
  readonly takeOverFrom?: readonly TakenOverTool[] | undefined;
  /** Fields that stay with whoever else owns them. */
  readonly ignore?: readonly IgnoreRule[] | undefined;
}

export interface AppliedObject {
  readonly object: KubeObject;
  /** What was sent: the manifest without the fields that are left to others. */
  readonly sent: KubeObject;
  /** Fields of ours that somebody else had changed, now taken back. */
  readonly takenBack: readonly DriftedField[];
  readonly adopted: boolean;
}

/** Somebody else may write between two requests of ours; who loses that race this often waits for the next pass. */
const attemptsMax = 5;

/**
 * Applies one object. Conflicts are of two kinds and never mixed: a field that we never set stays with whoever holds
 * it, and the object is left alone; a field that our last applied set holds is taken back. `force` goes out only when
 * every conflict that the server named is of the second kind.
 */
export async function applyObject(given: ApplyObjectOptions): Promise<AppliedObject> {
  const made = await makeObject(given);
  if (made) return { object: made, sent: given.planned.desired.object, takenBack: [], adopted: false };
  const meant = await findMeant(given);
  const options = { ...given, planned: await leavingIgnored(given) };
  const { cluster, planned } = options;
  const applied = await cluster.apply(meantFor(meant.uid, planned.desired.object), { force: false });
  if (applied.kind === 'conflicts') return settleConflicts(options, meant);
  const { isAdoption } = meant;
  const takenBack = isAdoption ? [] : driftOf(planned);
  return { object: applied.object, sent: planned.desired.object, takenBack, adopted: isAdoption };
}

/** What is not there needs no look. */
async function makeObject({ cluster, planned }: ApplyObjectOptions): Promise<KubeObject | undefined> {
  return isToBeMade(planned.standing) ? makeAbsent(cluster, planned.desired.object) : undefined;
}

/** The very object that is to be written; without a uid there is none yet. */
interface Meant {
  readonly uid: string | undefined;
  readonly isAdoption: boolean;
}

/** What exists and is not ours is looked at before anything is sent: without `adopt`, or a tool to take it from, nothing is. */
async function findMeant({ cluster, planned, adopt, takeOverFrom: tools = [] }: ApplyObjectOptions): Promise<Meant> {
  if (!isUnseen(planned)) return { uid: planned.live?.uid, isAdoption: false };
  const { there, isStranger } = await lookAt(cluster, planned);
  if (!there || !isStranger) return { uid: there?.metadata.uid, isAdoption: false };
  if (isSuspended(there)) throw suspendedFault(planned);
  if (!adopt && !isToBeTakenOver(planned, there, tools)) throw foreignFault(planned, there);
  if (owningInventoryOf(there) !== undefined) throw inventoryFault(planned, there);
  if (isAppliedBy(tools, there)) await moveFields(cluster, { key: planned.desired.key, there, tools });
  return { uid: there.metadata.uid, isAdoption: true };
}

/** By a tool that is named; or half of it was done already, written down as taken, and then we were cut off. */
function isToBeTakenOver({ item }: PlannedObject, there: KubeObject, tools: readonly TakenOverTool[]): boolean {
  return isAppliedBy(tools, there) || (item?.adopted === true && liveObject(there).fields !== undefined);
}

/**
 * What is ignored and what is only reported stays with others. Only the object itself knows who owns what, so it is looked
 * at where a rule may be about it. Our own marks stay ours.
 */
export async function leavingIgnored({
  cluster,
  planned,
  ignore = [],
}: Pick<ApplyObjectOptions, 'cluster' | 'planned' | 'ignore'>): Promise<PlannedObject> {
  const { key, object } = planned.desired;
  const rules = effectiveRules(object, ignore);
  const told = withoutReported(planned);
  const isIgnored = rules.some((rule) => matchesRule(key, rule));
  if (!isIgnored && told === object) return planned;
  const live = isIgnored ? await cluster.get(key) : undefined;
  const left = leaveIgnored(told, { live, rules, manager: fieldManager });
  const labels = Object.entries(object.metadata.labels ?? {}).filter(([name]) => ourLabels.has(name));
  const metadata = { ...left.metadata, labels: { ...left.metadata.labels, ...Object.fromEntries(labels) } };
  return { ...planned, desired: { ...planned.desired, object: { ...left, metadata } } };
}

/** Between two syncs nothing is taken back but what shall be. */
function withoutReported({ desired: { object }, standing, drift, write }: PlannedObject): KubeObject {
  if (standing !== 'drifted' || !write) return object;
  const reported = drift.filter(({ mode }) => mode !== 'correct');
  return reported.length > 0 ? removeFields(object, fieldsOfPaths(reported.map(({ path }) => path))) : object;
}

/** Whoever makes it again under the same name in this very moment keeps what he made: ours has another uid. */
export function meantFor(uid: string | undefined, object: KubeObject): KubeObject {
  return uid ? { ...object, metadata: { ...object.metadata, uid } } : object;
}

/**
 * Looks at the conflicts of exactly one version of the object and forces exactly that version: `force` takes every field
 * that anybody holds, so what was not looked at must not be there any more when it arrives.
 */
async function settleConflicts(options: ApplyObjectOptions, meant: Meant): Promise<AppliedObject> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await settleOnce(options, meant);
    } catch (error) {
      if (toFault(error).reason !== 'ObjectChanged' || attempt === attemptsMax) throw error;
    }
  }
}

async function settleOnce(options: ApplyObjectOptions, { uid, isAdoption }: Meant): Promise<AppliedObject> {
  const { cluster, planned } = options;
  const { desired, item } = planned;
  const there = await cluster.get(desired.key);
  let object = atVersion(meantFor(uid, desired.object), there?.metadata.resourceVersion);
  let applied = await cluster.apply(object, { force: false });
  if (applied.kind === 'conflicts' && (await replicasAreTaken(applied.conflicts, options))) {
    object = withoutField(object, replicasField);
    applied = await cluster.apply(object, { force: false });
  }
  if (applied.kind === 'applied') return { object: applied.object, sent: object, takenBack: [], adopted: isAdoption };
  const { conflicts } = applied;
  // Of what is taken from a tool, only that tool's fields are: what anybody else holds is a conflict like any other.
  const isAllOurs = isAdoption ? options.adopt : isMadeAsWanted(planned);
  if (!isAllOurs && !conflicts.every(({ field }) => isOurField(item, field)))
    throw conflictFault(desired.key, conflicts);
  const forced = await cluster.apply(object, { force: true });
  if (forced.kind === 'conflicts') throw conflictFault(desired.key, forced.conflicts);
  const takenBack = isAdoption ? [] : driftOf(planned, conflicts, there);
  return { object: forced.object, sent: object, takenBack, adopted: isAdoption };
}

function atVersion(object: KubeObject, resourceVersion: string | undefined): KubeObject {
  return resourceVersion ? { ...object, metadata: { ...object.metadata, resourceVersion } } : object;
}

/** The object that stands where ours shall be and is not ours, if there is one. */
export async function strangerAt(cluster: ClusterApi, planned: PlannedObject): Promise<KubeObject | undefined> {
  if (!isUnseen(planned)) return undefined;
  const { there, isStranger } = await lookAt(cluster, planned);
  return isStranger ? there : undefined;
}

/** What carries no label of ours is not seen by our watch, so of an absent object only the API server knows. */
function isUnseen({ standing }: PlannedObject): boolean {
  return standing === 'foreign' || isToBeMade(standing);
}

async function lookAt(cluster: ClusterApi, { desired, item }: PlannedObject) {
  const there = await cluster.get(desired.key);
  const target = desired.object.metadata.labels?.[marks.target] ?? '';
  return { there, isStranger: there !== undefined && !isOurs({ target, item, live: liveObject(there) }) };
}

async function replicasAreTaken(
  conflicts: readonly FieldConflict[],
  { cluster, planned }: ApplyObjectOptions,
): Promise<boolean> {
  const isAboutReplicas = conflicts.some(({ field }) => field === replicasField);
  return isAboutReplicas && isScaledByOthers(cluster, planned.desired.key);
}

function isOurField(item: InventoryItem | undefined, field: string): boolean {
  return item?.fields !== undefined && containsField(item.fields, field);
}

/** We were cut off while we made it from what is wanted now: whatever somebody else holds of that by now was ours. */
function isMadeAsWanted({ desired, item }: PlannedObject): boolean {
  if (!item || item.uid !== undefined || item.making || item.adopted) return false;
  return item.manifest === desired.manifest;
}

/** What we saw ourselves, which also knows what nobody holds any more, and what the server named besides. */
function driftOf(
  { desired, drift }: PlannedObject,
  conflicts: readonly FieldConflict[] = [],
  there?: KubeObject,
): DriftedField[] {
  const known = new Set(drift.map(({ field }) => field));
  const named = conflicts.filter(({ field }) => !known.has(field)).map((conflict) => authored(conflict, there));
  return [...drift.filter(({ mode }) => mode === 'correct'), ...named].map((each) => driftedField(desired, each, true));
}

function authored({ field, manager }: FieldConflict, there: KubeObject | undefined) {
  const owner = there && whoOwns(there, field).find((each) => each.manager === manager);
  return { field, manager, operation: owner?.operation, at: owner?.time };
}
