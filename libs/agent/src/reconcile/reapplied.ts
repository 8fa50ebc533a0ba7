import { objectId, type ObjectKey } from '@flotilla/model';

/** What was applied once more because a person asked for a sync, while it is not all of it yet. */
export class Reapplied {
  #request: string | undefined;
  readonly #ids = new Set<string>();

  has(request: string | undefined, key: ObjectKey): boolean {
    return request === this.#request && this.#ids.has(objectId(key));
  }

  /** Another request begins from nothing. */
  add(request: string | undefined, keys: Iterable<ObjectKey>): void {
    if (request !== this.#request) this.#ids.clear();
    this.#request = request;
    for (const key of keys) this.#ids.add(objectId(key));
  }
}
