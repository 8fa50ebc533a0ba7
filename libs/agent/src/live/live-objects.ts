import { mapLimited, type Clock, type Running } from '@flotilla/foundation';
import {
  keyOfObject,
  objectId,
  type DesiredEntry,
  type GroupKind,
  type KubeObject,
  type ObjectKey,
  kindId,
} from '@flotilla/model';
import type { InventoryItem } from '../keep/target-record.ts';
import { marks } from '../names.ts';
import type { ClusterApi, ObjectChange, ObjectWatch } from '../ports/cluster-api.port.ts';
import { awaitLists } from './await-lists.ts';
import { HealthRules } from './health-rules.ts';
import { liveObject, type AppliedFields, type LiveObject } from './live-object.ts';

export interface LiveObjectsOptions {
  readonly cluster: ClusterApi;
  readonly clock: Clock;
  /** An object with our label changed, and not by our own last write. */
  readonly onChange: (change: { id: string; target: string | undefined }) => void;
}

const judgedAtOnceMax = 8;

/** Older than any that the API server gives. */
const versionOfNone = '0';

/** Our objects as they are in the cluster, kept by watches on our label: one for each kind that some target uses. */
export class LiveObjects implements Running {
  readonly #options: LiveObjectsOptions;
  readonly #watches = new Map<string, ObjectWatch>();
  readonly #objects = new Map<string, LiveObject>();
  /** What was applied last, by object: what is there is compared with it. */
  readonly #applied = new Map<string, AppliedFields>();
  /**
   * Objects that no watch has told: noted from the answer of a write, or known from before the API server went back in
   * time. When they go in a gap of the watch, no watch tells that either.
   */
  readonly #untold = new Set<string>();
  /** Kinds of which everything is known that there is. */
  readonly #listed = new Set<string>();
  readonly #rules = new HealthRules();

  constructor(options: LiveObjectsOptions) {
    this.#options = options;
  }

  get(key: ObjectKey): LiveObject | undefined {
    return this.#objects.get(objectId(key));
  }

  /** Watches these kinds, and resolves once everything of them is known. */
  async follow(kinds: Iterable<GroupKind>): Promise<void> {
    const watches: ObjectWatch[] = [];
    const wanted = new Map([...kinds].map((each) => [kindId(each), each]));
    if ([...wanted.keys()].every((id) => this.#watches.has(id) && this.#listed.has(id))) return;
    for (const kind of wanted.values()) {
      // A kind whose definition is still to come has no objects to know.
      if (this.#isWatched(kind) || (await this.#options.cluster.kindOf(kind))) watches.push(this.#watch(kind));
    }
    await awaitLists(watches, this.#options.clock);
    for (const id of wanted.keys()) this.#listed.add(id);
  }

  /** Whether everything of these kinds was known at least once: only then is an object absent that is not known. */
  hasListed(kinds: Iterable<GroupKind>): boolean {
    return [...kinds].every((kind) => this.#listed.has(kindId(kind)));
  }

  /** Whether an object of ours is known in a namespace, which is there then. */
  hasIn(namespace: string): boolean {
    for (const { key } of this.#objects.values()) if (key.namespace === namespace) return true;
    return false;
  }

  /** What was applied before this process began. */
  expect(items: readonly InventoryItem[]): void {
    for (const { key, fields, owned } of items) this.#applied.set(objectId(key), { fields, owned });
  }

  /** By which rules of its own a target's objects are well; true when these are other ones than before. */
  judgeBy(target: string, rules: DesiredEntry['health']): boolean {
    return this.#rules.take(target, rules);
  }

  /** Judges what is known of a target once more: only a little of each object is kept, so each is read again. */
  async judgeAgain(target: string): Promise<void> {
    const known = [...this.#objects.values()].filter((live) => live.target === target);
    await mapLimited(known, judgedAtOnceMax, async ({ key }) => {
      const object = await this.#options.cluster.get(key);
      if (object) this.#keep(this.#seen(object));
    });
  }

  /**
   * Takes the answer of a write of ours, so that nobody has to wait for the watch to tell it. What comes after is compared
   * with this object, or with what is said to have been applied.
   */
  note(object: KubeObject, applied?: AppliedFields): LiveObject {
    const live = liveObject(object, applied, this.#rules.of(object));
    const id = objectId(live.key);
    this.#applied.set(id, applied ?? { fields: live.fields, owned: live.owned });
    const isNew = this.#objects.get(id)?.uid !== live.uid;
    if (this.#keep(live) && isNew) this.#untold.add(id);
    return live;
  }

  /** The object is gone by our own hand. */
  forget(key: ObjectKey): void {
    this.#drop(objectId(key));
    this.#applied.delete(objectId(key));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#watches.values()].map((watch) => watch.stop()));
  }

  #isWatched(kind: GroupKind): boolean {
    return this.#watches.has(kindId(kind));
  }

  #watch(kind: GroupKind): ObjectWatch {
    const id = kindId(kind);
    const known = this.#watches.get(id);
    if (known) return known;
    const watch = this.#options.cluster.watch(kind, {
      labelSelector: marks.target,
      onChange: (change) => this.#heard(kind, change),
    });
    this.#watches.set(id, watch);
    return watch;
  }

  #heard(kind: GroupKind, change: ObjectChange): void {
    const { onChange } = this.#options;
    if (change.kind === 'reset') return this.#doubtAll(kind);
    if (change.kind === 'relisted') return this.#missUntold(kind, change.resourceVersion);
    if (change.kind === 'absent') {
      const id = objectId(change.key);
      return onChange({ id, target: this.#drop(id)?.target });
    }
    const id = objectId(keyOfObject(change.object));
    const before = this.#objects.get(id);
    if (before?.uid === change.object.metadata.uid) this.#untold.delete(id);
    if (before && isSameVersion(before, change.object)) return;
    const live = this.#seen(change.object);
    if (!this.#keep(live)) return;
    this.#untold.delete(id);
    if (differs(before, live)) onChange({ id, target: live.target });
  }

  /**
   * What is listed now counts, however old it is by what was known. Until all of it is listed, what was known stays: an
   * object that is not told yet is not missing.
   */
  #doubtAll(kind: GroupKind): void {
    for (const [id, live] of this.#ofKind(kind)) {
      this.#objects.set(id, { ...live, resourceVersion: versionOfNone });
      this.#untold.add(id);
    }
  }

  /** What is on no list that is as young as itself is gone, and no watch that never knew it can say so. */
  #missUntold(kind: GroupKind, listedAt: string): void {
    for (const [id, { target, resourceVersion }] of this.#ofKind(kind)) {
      if (!this.#untold.has(id) || isOlder(listedAt, resourceVersion)) continue;
      this.#drop(id);
      this.#options.onChange({ id, target });
    }
  }

  #drop(id: string): LiveObject | undefined {
    const known = this.#objects.get(id);
    this.#objects.delete(id);
    this.#untold.delete(id);
    return known;
  }

  #ofKind(kind: GroupKind): [string, LiveObject][] {
    return [...this.#objects].filter(([, { key }]) => kindId(key) === kindId(kind));
  }

  #seen(object: KubeObject): LiveObject {
    return liveObject(object, this.#applied.get(objectId(keyOfObject(object))), this.#rules.of(object));
  }

  /** False when what is known is newer: the watch lags behind our own writes. */
  #keep(live: LiveObject): boolean {
    const known = this.get(live.key);
    if (known && isOlder(live.resourceVersion, known.resourceVersion)) return false;
    this.#objects.set(objectId(live.key), live);
    return true;
  }
}

/** Most of what a watch tells are our own writes, whose answers were noted. */
function isSameVersion({ uid, resourceVersion }: LiveObject, { metadata }: KubeObject): boolean {
  return uid === metadata.uid && resourceVersion === metadata.resourceVersion;
}

function differs(before: LiveObject | undefined, after: LiveObject): boolean {
  if (!before) return true;
  return (
    before.uid !== after.uid ||
    before.owned !== after.owned ||
    before.suspended?.text !== after.suspended?.text ||
    before.drift !== after.drift ||
    before.deleting !== after.deleting ||
    before.health.status !== after.health.status ||
    before.health.reason?.message !== after.health.reason?.message
  );
}

/** Resource versions of one API server are numbers that grow. */
function isOlder(left: string, right: string): boolean {
  return /^\d+$/.test(left) && /^\d+$/.test(right) && BigInt(left) < BigInt(right);
}
