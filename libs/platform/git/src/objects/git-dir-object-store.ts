import * as fs from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { parseLooseObject } from './loose-object.ts';
import type { GitObject } from './git-object.ts';
import type { ObjectStore } from './object-store.ts';
import { RecentSizes } from './recent-sizes.ts';

export interface GitDirObjectStoreOptions {
  /** A bare git directory, made when it is missing. Nobody else may write to it. */
  readonly directory: string;
  readonly bytesMax: number;
  readonly objectBytesMax: number;
}

/** A small file still fills one block of the disk. */
const blockBytes = 4_096;

/**
 * Loose objects in a bare git directory: they survive a restart, `git cat-file` reads them, and what does not hash to
 * its name is deleted when it is met. It is never synced to disk, because losing it costs one request.
 */
export class GitDirObjectStore implements ObjectStore {
  readonly #options: GitDirObjectStoreOptions;
  readonly #recent: RecentSizes;

  private constructor(options: GitDirObjectStoreOptions) {
    this.#options = options;
    this.#recent = new RecentSizes(options.bytesMax);
  }

  static async open(options: GitDirObjectStoreOptions): Promise<GitDirObjectStore> {
    const git = await loadGit();
    await git.init({ fs, gitdir: options.directory, bare: true });
    const store = new GitDirObjectStore(options);
    await store.#index();
    return store;
  }

  get bytes(): number {
    return this.#recent.bytes;
  }

  async get(oid: string): Promise<GitObject | undefined> {
    if (!this.#recent.has(oid)) return undefined;
    this.#recent.touch(oid);
    const object = await this.#read(oid);
    if (!object) await this.#drop(oid);
    return object;
  }

  async has(oid: string): Promise<boolean> {
    return this.#recent.has(oid);
  }

  async put({ oid, type, content }: GitObject): Promise<void> {
    if (this.#recent.has(oid)) return this.#recent.touch(oid);
    const git = await loadGit();
    const object = await promisify(deflate)(Buffer.concat([Buffer.from(`${type} ${content.byteLength}\0`), content]));
    await git.writeObject({ fs, gitdir: this.#options.directory, format: 'deflated', oid, object });
    this.#recent.add(oid, Math.max(blockBytes, object.byteLength));
    for (const evicted of this.#recent.evict()) await this.#drop(evicted);
  }

  async #read(oid: string): Promise<GitObject | undefined> {
    const git = await loadGit();
    try {
      const { format, object } = await git.readObject({
        fs,
        gitdir: this.#options.directory,
        oid,
        format: 'deflated',
      });
      // The empty tree is known by heart there, and comes as plain text whatever was asked for.
      const isDeflated = (format as string) === 'deflated';
      const maxOutputLength = this.#options.objectBytesMax + 64;
      const loose = isDeflated ? await promisify(inflate)(object as Uint8Array, { maxOutputLength }) : object;
      return parseLooseObject(oid, loose as Uint8Array);
    } catch {
      // Unreadable, cut short, not zlib at all: whatever it is, it is not the object.
      return undefined;
    }
  }

  async #drop(oid: string): Promise<void> {
    this.#recent.remove(oid);
    await fs.promises.rm(join(this.#options.directory, 'objects', oid.slice(0, 2), oid.slice(2)), { force: true });
  }

  /** Reads what an earlier process left, oldest first, so that eviction goes on in the same order. */
  async #index(): Promise<void> {
    const objects = join(this.#options.directory, 'objects');
    const found: { oid: string; bytes: number; at: number }[] = [];
    for (const folder of await fs.promises.readdir(objects)) {
      if (!/^[0-9a-f]{2}$/.test(folder)) continue;
      for (const file of await fs.promises.readdir(join(objects, folder))) {
        const { size, mtimeMs } = await fs.promises.stat(join(objects, folder, file));
        found.push({ oid: folder + file, bytes: Math.max(blockBytes, size), at: mtimeMs });
      }
    }
    for (const { oid, bytes } of found.toSorted((left, right) => left.at - right.at)) this.#recent.add(oid, bytes);
    for (const evicted of this.#recent.evict()) await this.#drop(evicted);
  }
}

/** Loaded on first use: the library costs 18 MB of memory, which an agent without a disk cache never needs. */
async function loadGit() {
  return import('isomorphic-git');
}
