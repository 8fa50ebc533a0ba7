import type { JsonObject } from '../schema/schema-type.ts';
import { withResourceVersion } from '../objects/metadata.ts';

/** The one counter of a cluster: every write of any kind moves it. */
export class Revisions {
  current = 1;

  next(): number {
    return ++this.current;
  }
}

/** A write that happened. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly key: string;
  readonly revision: number;
  /** The object after the write; for a deletion as it was last, at the revision of its deletion. */
  readonly object: JsonObject;
  readonly previous: JsonObject | undefined;
}

export interface ObjectStoreOptions {
  readonly revisions: Revisions;
  /** How many changes are kept for watches and for lists at an older revision. */
  readonly historyMax: number;
  /** From which revision on changes are known; before it watches cannot begin. */
  readonly oldestRevision?: number;
  /** Told of each change, after those who listen to this store. */
  readonly onChange?: (change: Change) => void;
}

/**
 * The objects of one kind, by `namespace/name`, with a bounded history. Objects are values: a stored one never
 * changes, so it can be handed out as it is.
 */
export class ObjectStore {
  readonly #revisions: Revisions;
  readonly #historyMax: number;
  readonly #onChange: ((change: Change) => void) | undefined;
  readonly #objects = new Map<string, JsonObject>();
  readonly #listeners = new Set<(change: Change) => void>();
  #history: Change[] = [];
  #compactedAt: number;
  #sortedKeys: string[] | undefined;

  constructor({ revisions, historyMax, oldestRevision = 0, onChange }: ObjectStoreOptions) {
    this.#compactedAt = oldestRevision;
    this.#revisions = revisions;
    this.#historyMax = historyMax;
    this.#onChange = onChange;
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): JsonObject | undefined {
    return this.#objects.get(key);
  }

  /** All objects in the order of their keys. */
  entries(): [string, JsonObject][] {
    this.#sortedKeys ??= [...this.#objects.keys()].toSorted();
    return this.#sortedKeys.map((key) => [key, this.#objects.get(key)!]);
  }

  /** The objects of one namespace, in the order of their keys. */
  entriesIn(namespace: string): [string, JsonObject][] {
    const prefix = `${namespace}/`;
    const keys = (this.#sortedKeys ??= [...this.#objects.keys()].toSorted());
    // A slash is followed by a zero in the order of characters.
    const own = keys.slice(firstNotBelow(keys, prefix), firstNotBelow(keys, `${namespace}0`));
    return own.map((key) => [key, this.#objects.get(key)!]);
  }

  /** The objects (at least those of the namespace) as they were at a revision; `undefined` when the history does not reach back that far. */
  entriesAt(revision: number, namespace = ''): [string, JsonObject][] | undefined {
    if (revision >= this.#revisions.current) return namespace === '' ? this.entries() : this.entriesIn(namespace);
    if (revision < this.#compactedAt) return undefined;
    const objects = new Map(this.#objects);
    for (const { key, previous, revision: at } of this.#history.toReversed()) {
      if (at <= revision) break;
      if (previous) objects.set(key, previous);
      else objects.delete(key);
    }
    return [...objects].toSorted(([left], [right]) => (left < right ? -1 : 1));
  }

  put(key: string, object: JsonObject): JsonObject {
    const previous = this.#objects.get(key);
    const revision = this.#revisions.next();
    const stored = withResourceVersion(object, revision);
    this.#objects.set(key, stored);
    if (!previous) this.#sortedKeys = undefined;
    this.#record({ type: previous ? 'MODIFIED' : 'ADDED', key, revision, object: stored, previous });
    return stored;
  }

  remove(key: string): JsonObject {
    const previous = this.#objects.get(key)!;
    const revision = this.#revisions.next();
    const object = withResourceVersion(previous, revision);
    this.#objects.delete(key);
    this.#sortedKeys = undefined;
    this.#record({ type: 'DELETED', key, revision, object, previous });
    return object;
  }

  /** The changes after a revision; `undefined` when some of them are forgotten. */
  changesAfter(revision: number): readonly Change[] | undefined {
    if (revision < this.#compactedAt) return undefined;
    const from = this.#history.findIndex((change) => change.revision > revision);
    return from === -1 ? [] : this.#history.slice(from);
  }

  /** Tells the listener of each change from now on, within the write itself. */
  listen(listener: (change: Change) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Forgets the history: watches and pages from an older revision have to begin anew. */
  compact(): void {
    this.#history = [];
    this.#compactedAt = this.#revisions.current;
  }

  /** The oldest revision from which a watch can still begin. */
  get oldestRevision(): number {
    return this.#compactedAt;
  }

  /** Takes over objects as they were saved, without telling anybody. */
  restore(entries: readonly (readonly [string, JsonObject])[]): void {
    this.#objects.clear();
    for (const [key, object] of entries) this.#objects.set(key, object);
    this.#sortedKeys = undefined;
    this.compact();
  }

  #record(change: Change): void {
    this.#history.push(change);
    // Cut in larger steps, so that the history is not copied at each write.
    if (this.#history.length >= this.#historyMax * 1.5) {
      const cut = this.#history.splice(0, this.#history.length - this.#historyMax);
      this.#compactedAt = cut.at(-1)!.revision;
    }
    for (const listener of this.#listeners) listener(change);
    this.#onChange?.(change);
  }
}

/** The place of the first key that does not sort before the given one. */
function firstNotBelow(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
