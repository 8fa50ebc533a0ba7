import { Fault, isoTime, type Clock } from '@flotilla/foundation';
import { groupOf, keyOfObject, meetsAll, objectId, objectTitle, parseSelector, kindId } from '@flotilla/model';
import type { GroupKind, KubeObject, ObjectKey } from '@flotilla/model';
import { isDeepEqual } from '@flotilla/workload-manifests';
import { fieldManager } from '../names.ts';
import type {
  Applied,
  ApplyOptions,
  ClusterApi,
  Deleted,
  KindInfo,
  ObjectWatch,
  ServiceAccount,
  WatchOptions,
} from '../ports/cluster-api.port.ts';
import { appliedTo, updatedBy } from './field-owners.ts';
import { builtinKinds, definedKind } from './known-kinds.ts';
import { mergePatched } from './merge-patched.ts';

/** One write that had an effect, as a line: `apply ConfigMap apps/one by flotilla`. */
export type WriteLine = string;

interface Follower {
  readonly kind: GroupKind;
  readonly options: WatchOptions;
}

/**
 * An API server in memory, as much of it as the agent's port asks for: fields have owners, applies conflict, deletes
 * wait for finalizers and check uids, watches tell. It has no schemas (lists of named things merge by name, all others
 * are replaced whole), no controllers and no garbage collection; `clusterApiCases` says what is held to the real one.
 */
export class InMemoryCluster implements ClusterApi {
  /** Everything that was written, by anybody, in order. */
  readonly writes: WriteLine[] = [];
  readonly #clock: Clock;
  readonly #objects = new Map<string, KubeObject>();
  readonly #kinds = new Map<string, KindInfo>(builtinKinds.map((info) => [kindId(info), info]));
  readonly #followers = new Set<Follower>();
  /** As etcd counts: the first thing ever stored has the second version. */
  #version = 1;
  #made = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The same cluster as somebody else sees it: what is written here is written in his name. */
  as(manager: string): ClusterApi {
    return {
      kindOf: (kind, version) => this.kindOf(kind, version),
      refreshKinds: () => this.refreshKinds(),
      get: (key) => this.get(key),
      list: (kind, options) => this.list(kind, options),
      watch: (kind, options) => this.watch(kind, options),
      apply: (object, options) => this.apply(object, options, manager),
      create: (object) => this.create(object, manager),
      mergePatch: (key, patch) => this.mergePatch(key, patch, manager),
      delete: (key, options) => this.delete(key, options, manager),
      actingAs: (account) => mustBeWhole(account, this.as(manager)),
    };
  }

  /** A backup of all that is stored. */
  backup(): () => void {
    const [objects, version] = [new Map(this.#objects), this.#version];
    return () => this.#restore(objects, version);
  }

  /** What is stored, without asking. */
  peek(key: ObjectKey): KubeObject | undefined {
    return this.#objects.get(objectId(key));
  }

  all(): readonly KubeObject[] {
    return [...this.#objects.values()];
  }

  async kindOf(kind: GroupKind, version?: string): Promise<KindInfo | undefined> {
    const info = this.#kinds.get(kindId(kind));
    return info && (version === undefined || info.version === version) ? info : undefined;
  }

  async refreshKinds(): Promise<void> {
    this.#kinds.clear();
    const defined = this.all().flatMap((object) => definedKind(object) ?? []);
    for (const info of [...builtinKinds, ...defined]) this.#kinds.set(kindId(info), info);
  }

  async get(key: ObjectKey): Promise<KubeObject | undefined> {
    return this.peek(key);
  }

  async list(
    kind: GroupKind,
    { namespace, labelSelector }: { namespace?: string; labelSelector?: string },
  ): Promise<readonly KubeObject[]> {
    return this.all().filter((object) => isSelected(object, kind, { namespace, labelSelector }));
  }

  async apply(
    object: KubeObject,
    { force, dryRun = false, manager: named }: ApplyOptions,
    connected: string = fieldManager,
  ): Promise<Applied> {
    const manager = named ?? connected;
    const key = keyOfObject(object);
    const before = this.peek(key);
    if (!before) this.#mustHaveNamespace(key);
    // Only a uid says that there must be something: what is made by an apply may name any version.
    const { uid } = object.metadata;
    if (!isMeant(before ? object.metadata : { ...(uid && { uid }) }, before)) throw changed(key);
    const write = { manager, operation: 'Apply', at: isoTime(this.#clock.now()) } as const;
    const result = appliedTo(before, object, { ...write, force });
    if ('conflicts' in result) return { kind: 'conflicts', conflicts: result.conflicts };
    if (dryRun) return { kind: 'applied', object: result.object };
    return {
      kind: 'applied',
      object: this.#keep(established(result.object), { before, line: `apply ${objectTitle(key)} by ${manager}` }),
    };
  }

  async create(object: KubeObject, manager: string = fieldManager): Promise<KubeObject | undefined> {
    const key = keyOfObject(object);
    if (this.peek(key)) return undefined;
    this.#mustHaveNamespace(key);
    const made = updatedBy(undefined, object, this.#update(manager));
    return this.#keep(made, { before: undefined, line: `create ${objectTitle(key)} by ${manager}` });
  }

  async mergePatch(key: ObjectKey, patch: object, manager: string = fieldManager): Promise<KubeObject | undefined> {
    const before = this.peek(key);
    const { metadata = {} } = patch as { metadata?: { uid?: string; resourceVersion?: string } };
    if (!before || !isMeant(metadata, before)) return undefined;
    const after = mergePatched(before, patch) as KubeObject;
    return this.#keep(updatedBy(before, after, this.#update(manager)), {
      before,
      line: `patch ${objectTitle(key)} by ${manager}`,
    });
  }

  async delete(key: ObjectKey, { uid }: { uid: string }, manager: string = fieldManager): Promise<Deleted> {
    const there = this.peek(key);
    if (!there) return 'absent';
    if (there.metadata.uid !== uid) return 'replaced';
    const line = `delete ${objectTitle(key)} by ${manager}`;
    if ((there.metadata.finalizers ?? []).length === 0) {
      this.#remove(there, line);
      return 'deleted';
    }
    const deletionTimestamp = there.metadata.deletionTimestamp ?? isoTime(this.#clock.now());
    this.#keep({ ...there, metadata: { ...there.metadata, deletionTimestamp } }, { before: there, line });
    return 'pending';
  }

  /** It has no roles: whoever it is may do everything. */
  actingAs(account: ServiceAccount): ClusterApi {
    return mustBeWhole(account, this);
  }

  watch(kind: GroupKind, options: WatchOptions): ObjectWatch {
    const follower = { kind, options };
    this.#followers.add(follower);
    const synced = Promise.resolve().then(() => {
      for (const object of this.all()) this.#tell(object, follower);
      options.onChange({ kind: 'relisted', resourceVersion: String(this.#version) });
    });
    return { synced, stop: async () => void this.#followers.delete(follower) };
  }

  #keep(object: KubeObject, { before, line }: { before: KubeObject | undefined; line: WriteLine }): KubeObject {
    // Nothing changed: the server answers with what is there, and nobody is told anything.
    if (before && isDeepEqual(timeless(before), timeless(object))) return before;
    const metadata = {
      creationTimestamp: isoTime(this.#clock.now()),
      ...object.metadata,
      uid: before?.metadata.uid ?? `uid-${++this.#made}`,
      resourceVersion: String(++this.#version),
    };
    const kept = { ...object, metadata };
    const isLetGo = metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
    if (isLetGo) this.#remove(kept, line);
    else this.#store(kept, line);
    return kept;
  }

  #store(object: KubeObject, line: WriteLine): void {
    this.#objects.set(objectId(keyOfObject(object)), object);
    this.writes.push(line);
    for (const follower of this.#followers)
      if (isOfKind(object, follower.kind)) queueMicrotask(() => this.#tell(object, follower));
  }

  #remove(object: KubeObject, line: WriteLine): void {
    const key = keyOfObject(object);
    this.#objects.delete(objectId(key));
    this.#version++;
    this.writes.push(line);
    for (const { kind, options } of this.#followers) {
      if (isSelected(object, kind, options)) queueMicrotask(() => options.onChange({ kind: 'absent', key }));
    }
  }

  #tell(object: KubeObject, follower: Follower): void {
    const { kind, options } = follower;
    if (!this.#followers.has(follower) || !isSelected(object, kind, { namespace: options.namespace })) return;
    const isFollowed = isSelected(object, kind, options);
    const { apiVersion, kind: name, metadata } = object;
    const shown = options.metadataOnly ? { apiVersion, kind: name, metadata } : object;
    if (isFollowed) options.onChange({ kind: 'present', object: shown });
    // A label that was taken off takes the object out of a watch on it.
    else options.onChange({ kind: 'absent', key: keyOfObject(object) });
  }

  /** Watches begin anew, with a list of what there is now; those that were not told of an object do not miss it. */
  #restore(objects: ReadonlyMap<string, KubeObject>, version: number): void {
    const gone = this.all().filter((object) => !objects.has(objectId(keyOfObject(object))));
    this.#objects.clear();
    for (const [id, object] of objects) this.#objects.set(id, object);
    this.#version = version;
    for (const follower of this.#followers) {
      const { kind, options } = follower;
      options.onChange({ kind: 'reset' });
      for (const object of this.all()) this.#tell(object, follower);
      for (const object of gone)
        if (isSelected(object, kind, options)) options.onChange({ kind: 'absent', key: keyOfObject(object) });
      options.onChange({ kind: 'relisted', resourceVersion: String(version) });
    }
  }

  #mustHaveNamespace({ namespace }: ObjectKey): void {
    if (namespace === undefined || this.peek({ group: '', kind: 'Namespace', name: namespace })) return;
    const message = `namespaces "${namespace}" not found`;
    throw new Fault({ code: 'not-found', reason: 'NamespaceMissing', message, consequence: { kind: 'retry' } });
  }

  #update(manager: string) {
    return { manager, operation: 'Update', at: isoTime(this.#clock.now()) } as const;
  }
}

/** It is the API server itself that serves what a definition brings. */
function established(object: KubeObject): KubeObject {
  if (object.kind !== 'CustomResourceDefinition') return object;
  return { ...object, status: { conditions: [{ type: 'Established', status: 'True' }] } };
}

function mustBeWhole({ namespace, name }: ServiceAccount, cluster: ClusterApi): ClusterApi {
  if (namespace !== '' && name !== '') return cluster;
  const message = 'will not act for somebody else: an empty identity was given';
  throw new Fault({ code: 'invalid', reason: 'IdentityRefused', message });
}

function isSelected(
  object: KubeObject,
  wanted: GroupKind,
  { namespace, labelSelector }: { namespace?: string | undefined; labelSelector?: string | undefined },
): boolean {
  const { metadata } = object;
  if (!isOfKind(object, wanted) || (namespace !== undefined && metadata.namespace !== namespace)) return false;
  if (!labelSelector) return true;
  const selector = parseSelector(labelSelector);
  return selector.ok && meetsAll(selector.value, metadata.labels ?? {});
}

function isOfKind({ apiVersion, kind }: KubeObject, wanted: GroupKind): boolean {
  return kind === wanted.kind && groupOf(apiVersion) === wanted.group;
}

/** Whether a write that names a uid or a version is about the very object that is there. */
function isMeant(named: { uid?: string; resourceVersion?: string }, there: KubeObject | undefined): boolean {
  const { uid, resourceVersion } = named;
  return (
    (uid === undefined || uid === there?.metadata.uid) &&
    (resourceVersion === undefined || resourceVersion === there?.metadata.resourceVersion)
  );
}

function changed(key: ObjectKey): Fault {
  const message = `${objectTitle(key)}: the object has been modified`;
  return new Fault({ code: 'conflict', reason: 'ObjectChanged', message });
}

/** Without when who wrote what: an apply that changes nothing leaves its time as it is. */
function timeless({ metadata, ...rest }: KubeObject): object {
  const { managedFields = [], ...known } = metadata;
  const owners = managedFields.map(({ time: _, ...owner }) => owner);
  return { ...rest, metadata: { ...known, managedFields: owners.toSorted(byManager) } };
}

function byManager(
  left: { manager: string; operation: string },
  right: { manager: string; operation: string },
): number {
  return `${left.manager} ${left.operation}` < `${right.manager} ${right.operation}` ? -1 : 1;
}
