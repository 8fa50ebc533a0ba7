import type { GroupKind, KubeObject, ObjectKey } from '@flotilla/model';

/** What a watch tells. `kept` is what the cache holds of the object, or held last when it is gone. */
export type WatchEvent<Kept> =
  | { readonly type: 'added' | 'changed'; readonly key: ObjectKey; readonly kept: Kept; readonly object: KubeObject }
  | { readonly type: 'removed'; readonly key: ObjectKey; readonly kept: Kept; readonly object?: KubeObject }
  /** The server went back in time, as after a restored backup: a list of what it holds now follows, and versions begin anew. */
  | { readonly type: 'reset' }
  /** The cache has just been compared with a complete list, which was made at that version. */
  | { readonly type: 'synced'; readonly resourceVersion: string };

export interface ObjectCacheOptions<Kept> {
  readonly kind: GroupKind;
  readonly keep: (object: KubeObject) => Kept;
  readonly onChange: (event: WatchEvent<Kept>) => void;
}

interface Entry<Kept> {
  readonly uid: string;
  readonly resourceVersion: string;
  readonly kept: Kept;
  /** The last comparison that met this object. */
  round: number;
}

/**
 * The objects of one kind, each reduced to what somebody wants to keep of it, with exactly one event per change.
 * What is the same as before makes no event, however often it is told.
 */
export class ObjectCache<Kept> {
  readonly #options: ObjectCacheOptions<Kept>;
  readonly #entries = new Map<string, Entry<Kept>>();
  #round = 0;

  constructor(options: ObjectCacheOptions<Kept>) {
    this.#options = options;
  }

  get(key: ObjectKey): Kept | undefined {
    return this.#entries.get(placeOf(key))?.kept;
  }

  /** Whether an object of this name is known. */
  has(name: Pick<KubeObject['metadata'], 'namespace' | 'name'>): boolean {
    return this.#entries.has(placeOf(name));
  }

  *all(): IterableIterator<{ readonly key: ObjectKey; readonly kept: Kept }> {
    for (const [place, { kept }] of this.#entries) yield { key: this.#keyAt(place), kept };
  }

  /** Begins a comparison with a list: what `listed` has not met when `endRound` comes is gone. */
  beginRound(): void {
    this.#round++;
  }

  /** An item of a list. It is right whatever its version, even one from before a restored backup. */
  listed(object: KubeObject): void {
    const entry = this.#entries.get(placeOf(object.metadata));
    if (entry) entry.round = this.#round;
    this.#put(object, entry);
  }

  endRound(resourceVersion: string): void {
    for (const [place, { round, kept }] of this.#entries) {
      if (round === this.#round) continue;
      this.#entries.delete(place);
      this.#options.onChange({ type: 'removed', key: this.#keyAt(place), kept });
    }
    this.#options.onChange({ type: 'synced', resourceVersion });
  }

  /** An event of a watch. One that is older than what is known of that name came late and tells nothing. */
  told(object: KubeObject): void {
    const entry = this.#entries.get(placeOf(object.metadata));
    if (entry && isOlder(object.metadata.resourceVersion ?? '', entry.resourceVersion)) return;
    this.#put(object, entry);
  }

  removed(object: KubeObject): void {
    const place = placeOf(object.metadata);
    const entry = this.#entries.get(place);
    // The object of this name may be another one by now.
    if (!entry || entry.uid !== (object.metadata.uid ?? '')) return;
    // It left the labels that are watched, and is back: that it left came late.
    if (isOlder(object.metadata.resourceVersion ?? '', entry.resourceVersion)) return;
    this.#entries.delete(place);
    this.#options.onChange({ type: 'removed', key: this.#keyAt(place), kept: entry.kept, object });
  }

  clear(): void {
    for (const [place, { kept }] of this.#entries) {
      this.#entries.delete(place);
      this.#options.onChange({ type: 'removed', key: this.#keyAt(place), kept });
    }
  }

  #put(object: KubeObject, before: Entry<Kept> | undefined): void {
    const { uid = '', resourceVersion = '' } = object.metadata;
    if (before?.uid === uid && before.resourceVersion === resourceVersion) return;
    const place = placeOf(object.metadata);
    const key = this.#keyAt(place);
    const kept = this.#options.keep(object);
    this.#entries.set(place, { uid, resourceVersion, kept, round: this.#round });
    if (before && before.uid !== uid) this.#options.onChange({ type: 'removed', key, kept: before.kept });
    this.#options.onChange({ type: before?.uid === uid ? 'changed' : 'added', key, kept, object });
  }

  #keyAt(place: string): ObjectKey {
    const { group, kind } = this.#options.kind;
    const slash = place.indexOf('/');
    const namespace = place.slice(0, slash);
    return { group, kind, ...(namespace && { namespace }), name: place.slice(slash + 1) };
  }
}

/** Whether a resource version is before another; they are growing decimal numbers of any length. */
export function isOlder(left: string, right: string): boolean {
  return left.length === right.length ? left < right : left.length < right.length;
}

/** Shorter than a whole object id, since every entry holds one. */
function placeOf({ namespace, name }: { readonly namespace?: string | undefined; readonly name: string }): string {
  return `${namespace ?? ''}/${name}`;
}
