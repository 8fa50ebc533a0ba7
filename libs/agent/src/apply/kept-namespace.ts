import { digestOf } from '@flotilla/foundation/node';
import {
  keyOfObject,
  type DesiredEntry,
  type DriftedField,
  type FieldsV1,
  type KubeObject,
  type ObjectKey,
} from '@flotilla/model';
import { changedFields, containsField, ownedFields, type ChangedField } from '@flotilla/workload-manifests';
import type { KeptNamespace } from '../keep/target-record.ts';
import { saidOn } from '../live/said.ts';
import { marks, namespaceManager } from '../names.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { driftedField } from './object-drift.ts';
import { conflictFault } from './refusals.ts';

/** How the labels and annotations that an entry wants on its namespace stand there. */
export interface NamespaceStanding {
  readonly key: ObjectKey;
  /** The namespace with nothing but what is ours on it. */
  readonly object: KubeObject;
  /** `new` where it was never applied as it shall be now. */
  readonly standing: 'same' | 'drifted' | 'new';
  readonly drift: readonly ChangedField[];
  readonly isSuspended: boolean;
}

export interface NamespaceQuestion {
  readonly entry: DesiredEntry;
  /** Git declares the namespace itself: what it says there is all that is said. */
  readonly isDeclared: boolean;
  readonly kept: KeptNamespace | undefined;
  readonly live: KubeObject | undefined;
}

/** The name of the namespace on which an entry wants something, unless Git has that namespace. */
export function namespaceToKeep({ entry, isDeclared }: Pick<NamespaceQuestion, 'entry' | 'isDeclared'>) {
  return entry.sync.namespace && !isDeclared ? entry.namespace : undefined;
}

/** Compares what an entry wants on its namespace with what stands there. Pure. */
export function namespaceStanding({ kept, live, ...wish }: NamespaceQuestion): NamespaceStanding | undefined {
  if (namespaceToKeep(wish) === undefined) return undefined;
  const object = wantedNamespace(wish.entry);
  const isSuspended = live !== undefined && saidOn(live, marks.suspend) !== undefined;
  const isNew = kept?.manifest !== digestOf(object) || !kept.fields;
  const drift = isNew ? [] : driftOf(object, { fields: kept.fields!, live, target: wish.entry.target });
  const standing = isNew ? 'new' : drift.length > 0 ? 'drifted' : 'same';
  return { key: keyOfObject(object), object, standing, drift, isSuspended };
}

interface KeptFields {
  readonly fields: FieldsV1;
  readonly live: KubeObject | undefined;
  readonly target: string;
}

/** Without our mark on it the watch tells nothing of it: it is gone, or somebody took the mark off. */
function driftOf(desired: KubeObject, { fields, live, target }: KeptFields): ChangedField[] {
  if (!live) return [{ path: [], field: '.metadata.labels', manager: 'unknown', removed: true }];
  return changedFields({ applied: fields, desired, live, manager: namespaceManager(target) });
}

function wantedNamespace({ namespace: name, sync }: DesiredEntry): KubeObject {
  const { labels, annotations } = sync.namespace!;
  const metadata = { name, labels: { ...labels, [marks.keptNamespace]: 'true' }, ...(annotations && { annotations }) };
  return { apiVersion: 'v1', kind: 'Namespace', metadata };
}

/** What differs on the namespace, as it is reported. */
export function namespaceDrift({ key, drift }: NamespaceStanding, corrected: boolean): DriftedField[] {
  return drift.map((change) => driftedField({ key }, change, corrected));
}

export interface KeepNamespaceOptions {
  readonly cluster: ClusterApi;
  readonly target: string;
  readonly standing: NamespaceStanding;
  readonly kept: KeptNamespace | undefined;
  /** Fields that others hold and we never set are taken as well. */
  readonly adopt: boolean;
}

/**
 * Makes the namespace, or lays our labels and annotations on the one that is there, under a field manager of the target's
 * own: nothing else of it becomes ours, and two targets of one namespace do not take off what the other wants.
 */
export async function keepNamespace(
  options: KeepNamespaceOptions,
): Promise<Required<KeptNamespace> & { object: KubeObject }> {
  const { cluster, target, standing } = options;
  const manager = namespaceManager(target);
  const there = await cluster.get(standing.key);
  const { resourceVersion } = there?.metadata ?? {};
  const metadata = { ...standing.object.metadata, ...(resourceVersion && { resourceVersion }) };
  const meant = { ...standing.object, metadata };
  let applied = await cluster.apply(meant, { force: false, manager });
  if (applied.kind === 'conflicts') {
    const isOurs = applied.conflicts.every(({ field }) => isKept(field, options.kept));
    if (!isOurs && !options.adopt) throw conflictFault(standing.key, applied.conflicts);
    applied = await cluster.apply(meant, { force: true, manager });
  }
  if (applied.kind === 'conflicts') throw conflictFault(standing.key, applied.conflicts);
  const { object } = applied;
  const fields = ownedFields(object, manager) ?? {};
  return { name: standing.key.name, manifest: digestOf(standing.object), fields, object };
}

function isKept(field: string, kept: KeptNamespace | undefined): boolean {
  return kept?.fields !== undefined && containsField(kept.fields, field);
}

/** Takes what is ours off a namespace: it stays, and so does whatever else stands on it. */
export async function clearNamespace(cluster: ClusterApi, { target, name }: NamespaceOfTarget): Promise<void> {
  const key = namespaceKey(name);
  const there = await cluster.get(key);
  const manager = namespaceManager(target);
  if (!there || !ownedFields(there, manager)) return;
  // Under its uid: an apply would make the namespace that is gone by now.
  const metadata = { name, uid: there.metadata.uid! };
  await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { force: false, manager });
}

/** Leaves our labels and annotations on a namespace where they are, and nobody's. */
export async function letNamespaceBe(cluster: ClusterApi, { target, name }: NamespaceOfTarget): Promise<void> {
  const key = namespaceKey(name);
  const there = await cluster.get(key);
  const manager = namespaceManager(target);
  if (!there || !ownedFields(there, manager)) return;
  const others = (there.metadata.managedFields ?? []).filter((entry) => entry.manager !== manager);
  const isShared = others.some((entry) => entry.manager.startsWith(namespaceManager('')));
  const { uid, resourceVersion } = there.metadata;
  const labels = isShared ? {} : { [marks.keptNamespace]: null };
  // An empty list would be taken for "not named"; one empty entry is how the API server is told.
  const managedFields = others.length > 0 ? others : [{}];
  await cluster.mergePatch(key, { metadata: { uid, resourceVersion, labels, managedFields } });
}

interface NamespaceOfTarget {
  readonly target: string;
  readonly name: string;
}

function namespaceKey(name: string): ObjectKey {
  return { group: '', kind: 'Namespace', name };
}
