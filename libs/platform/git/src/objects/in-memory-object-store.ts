import type { GitObject } from './git-object.ts';
import type { ObjectStore } from './object-store.ts';
import { RecentSizes } from './recent-sizes.ts';

/** What an object costs beyond its content: the id, the map entries, the buffer's own header. */
const overheadBytes = 400;

/** Objects in memory, those used last, up to a number of bytes. */
export class InMemoryObjectStore implements ObjectStore {
  readonly #objects = new Map<string, GitObject>();
  readonly #recent: RecentSizes;

  constructor(options: { readonly bytesMax: number }) {
    this.#recent = new RecentSizes(options.bytesMax);
  }

  get bytes(): number {
    return this.#recent.bytes;
  }

  async get(oid: string): Promise<GitObject | undefined> {
    this.#recent.touch(oid);
    return this.#objects.get(oid);
  }

  async has(oid: string): Promise<boolean> {
    return this.#objects.has(oid);
  }

  async put(object: GitObject): Promise<void> {
    if (this.#objects.has(object.oid)) return this.#recent.touch(object.oid);
    // A copy of its own: inflated objects share large buffers, and one small survivor would keep all of it alive.
    this.#objects.set(object.oid, { ...object, content: new Uint8Array(object.content) });
    this.#recent.add(object.oid, object.content.byteLength + overheadBytes);
    for (const oid of this.#recent.evict()) this.#objects.delete(oid);
  }
}
