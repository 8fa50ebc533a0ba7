import type { GitObject } from '../objects/git-object.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { ObjectSource } from './object-source.ts';

/**
 * What one pull can look at: what arrived during it, what the store holds, what the source keeps. An object that is
 * looked at is one that is needed, so it goes into the store; company that nobody asks for is forgotten with the pull.
 */
export class HeldObjects {
  readonly #store: ObjectStore;
  readonly #source: ObjectSource;
  readonly #arrived = new Map<string, GitObject>();

  constructor(options: { readonly store: ObjectStore; readonly source: ObjectSource }) {
    this.#store = options.store;
    this.#source = options.source;
  }

  add(objects: readonly GitObject[]): void {
    for (const object of objects) this.#arrived.set(object.oid, object);
  }

  async get(oid: string): Promise<GitObject | undefined> {
    return (await this.#keepArrived(oid)) ?? (await this.#store.get(oid)) ?? (await this.#find(oid));
  }

  async has(oid: string): Promise<boolean> {
    if ((await this.#keepArrived(oid)) || (await this.#store.has(oid))) return true;
    return (await this.#find(oid)) !== undefined;
  }

  /** Looks without keeping: for differences to build on. */
  async peek(oid: string): Promise<GitObject | undefined> {
    return this.#arrived.get(oid) ?? (await this.#store.get(oid));
  }

  /** It stays in hand as well: the store is bounded and may forget it before the pull ends. */
  async #keepArrived(oid: string): Promise<GitObject | undefined> {
    const object = this.#arrived.get(oid);
    if (object) await this.#store.put(object);
    return object;
  }

  async #find(oid: string): Promise<GitObject | undefined> {
    const object = await this.#source.find?.(oid);
    if (!object) return undefined;
    this.#arrived.set(oid, object);
    return this.#keepArrived(oid);
  }
}
