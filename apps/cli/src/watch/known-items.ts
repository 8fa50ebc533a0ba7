import type { ItemEvent } from './follow-items.ts';

/** One thing that became another, came, or went; the words are those of a Kubernetes watch. */
export interface ItemChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly item: unknown;
}

export interface KnownItemsOptions {
  readonly uidOf: (item: unknown) => string;
  /** Whether a thing is among those that were asked for. One that no longer is has left, as far as its reader knows. */
  readonly isWanted: (item: unknown) => boolean;
  /** How a thing looks to the reader: what looks the same has not changed. */
  readonly lookOf: (item: unknown) => string;
}

/** What a reader has been shown, and what a new event changes about it. */
export class KnownItems {
  readonly #options: KnownItemsOptions;
  readonly #known = new Map<string, { readonly item: unknown; readonly look: string }>();

  constructor(options: KnownItemsOptions) {
    this.#options = options;
  }

  get items(): unknown[] {
    return [...this.#known.values()].map(({ item }) => item);
  }

  /** Takes an event in, and returns what is new to the reader. */
  take(event: Exclude<ItemEvent, { type: 'cut' }>): ItemChange[] {
    if (event.type === 'gone') return this.#remove(event.uid);
    if (event.type === 'changed') return this.#put(event.item);
    const here = new Set(event.items.map((item) => this.#options.uidOf(item)));
    const gone = [...this.#known.keys()].filter((uid) => !here.has(uid));
    return [...event.items.flatMap((item) => this.#put(item)), ...gone.flatMap((uid) => this.#remove(uid))];
  }

  #put(item: unknown): ItemChange[] {
    const { uidOf, isWanted, lookOf } = this.#options;
    const uid = uidOf(item);
    const before = this.#known.get(uid);
    if (!isWanted(item)) {
      this.#known.delete(uid);
      return before ? [{ type: 'DELETED', item }] : [];
    }
    const look = lookOf(item);
    this.#known.set(uid, { item, look });
    if (!before) return [{ type: 'ADDED', item }];
    return before.look === look ? [] : [{ type: 'MODIFIED', item }];
  }

  #remove(uid: string): ItemChange[] {
    const before = this.#known.get(uid);
    this.#known.delete(uid);
    return before ? [{ type: 'DELETED', item: before.item }] : [];
  }
}
