import { objectId, type ObjectKey } from '@flotilla/model';

/** Which target an object belongs to, among the targets of this cluster. The first to claim it keeps it. */
export class Claims {
  readonly #holders = new Map<string, string>();

  /** The target that holds the object after this: the asking one, or the one that came first. */
  claim(key: ObjectKey, target: string): string {
    const id = objectId(key);
    const holder = this.#holders.get(id) ?? target;
    this.#holders.set(id, holder);
    return holder;
  }

  holder(id: string): string | undefined {
    return this.#holders.get(id);
  }

  release(key: ObjectKey, target: string): void {
    const id = objectId(key);
    if (this.#holders.get(id) === target) this.#holders.delete(id);
  }
}
