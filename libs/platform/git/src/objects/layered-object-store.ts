import type { GitObject } from './git-object.ts';
import type { ObjectStore } from './object-store.ts';

export interface LayeredObjectStoreOptions {
  readonly near: ObjectStore;
  readonly far: ObjectStore;
  /** Told when the far layer fails; it is only a cache, so the work goes on without it. */
  readonly onError?: (error: unknown) => void;
}

/** A fast small layer before a slow large one: what is read from the far one is kept near. */
export class LayeredObjectStore implements ObjectStore {
  readonly #options: LayeredObjectStoreOptions;

  constructor(options: LayeredObjectStoreOptions) {
    this.#options = options;
  }

  async get(oid: string): Promise<GitObject | undefined> {
    const near = await this.#options.near.get(oid);
    if (near) return near;
    const far = await this.#tolerate(() => this.#options.far.get(oid));
    if (far) await this.#options.near.put(far);
    return far;
  }

  async has(oid: string): Promise<boolean> {
    return (await this.#options.near.has(oid)) || (await this.#tolerate(() => this.#options.far.has(oid))) === true;
  }

  async put(object: GitObject): Promise<void> {
    await this.#options.near.put(object);
    await this.#tolerate(() => this.#options.far.put(object));
  }

  async #tolerate<Result>(task: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await task();
    } catch (error) {
      this.#options.onError?.(error);
      return undefined;
    }
  }
}
