import { Limit } from '@flotilla/foundation';
import type { GitObject } from './git-object.ts';
import type { ObjectStore } from './object-store.ts';

export interface LayeredObjectStoreOptions {
  readonly near: ObjectStore;
  readonly far: ObjectStore;
  /** Told when the far layer fails; it is only a cache, so the work goes on without it. */
  readonly onError?: (error: unknown) => void;
}

const writtenAtOnceMax = 4;
/** Objects that wait to be written far. Whoever brings more waits with them. */
const waitingMax = 4_096;

/**
 * A fast small layer before a slow large one: what is read from the far one is kept near. Nobody waits until something is
 * written far, as a pull of thousands of small objects would wait for nothing else.
 */
export class LayeredObjectStore implements ObjectStore {
  readonly #options: LayeredObjectStoreOptions;
  readonly #limit = new Limit(writtenAtOnceMax);
  /** What is still to be written, or is being written: it may have left the near layer by now. */
  readonly #waiting = new Map<string, { readonly object: GitObject; readonly written: Promise<void> }>();

  constructor(options: LayeredObjectStoreOptions) {
    this.#options = options;
  }

  async get(oid: string): Promise<GitObject | undefined> {
    const near = (await this.#options.near.get(oid)) ?? this.#waiting.get(oid)?.object;
    if (near) return near;
    const far = await this.#tolerate(() => this.#options.far.get(oid));
    if (far) await this.#options.near.put(far);
    return far;
  }

  async has(oid: string): Promise<boolean> {
    if ((await this.#options.near.has(oid)) || this.#waiting.has(oid)) return true;
    return (await this.#tolerate(() => this.#options.far.has(oid))) === true;
  }

  async put(object: GitObject): Promise<void> {
    await this.#options.near.put(object);
    if (this.#waiting.has(object.oid)) return;
    // A copy of its own: what was inflated shares a large buffer with others, which whoever brought it may use again.
    const kept = { ...object, content: new Uint8Array(object.content) };
    const written = this.#limit
      .run(() => this.#tolerate(() => this.#options.far.put(kept)))
      .then(() => void this.#waiting.delete(kept.oid));
    this.#waiting.set(kept.oid, { object: kept, written });
    if (this.#waiting.size > waitingMax) await written;
  }

  /** Resolves when everything that was put so far is written, or could not be. */
  async idle(): Promise<void> {
    await Promise.all(Array.from(this.#waiting.values(), ({ written }) => written));
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
