import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Clock, Running } from '@flotilla/foundation';
import { gitLimits } from './git-limits.ts';
import type { GitWriter } from './git-writer.ts';
import type { GitCredentials } from './http/credentials.ts';
import { GitDispatcher } from './http/git-dispatcher.ts';
import { GitDirObjectStore } from './objects/git-dir-object-store.ts';
import { InMemoryObjectStore } from './objects/in-memory-object-store.ts';
import { LayeredObjectStore } from './objects/layered-object-store.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { SmartHttpGitRemote } from './smart-http-git-remote.ts';

export interface RemotePoolOptions {
  readonly clock: Clock;
  /** A folder for objects that may be lost at any time; without it they live in memory alone. */
  readonly cacheDirectory: string | undefined;
  /** Of one remote. */
  readonly memoryBytesMax: number;
  /** Of one remote. */
  readonly diskBytesMax: number;
  readonly remotesMax: number;
}

/** Which remote: `key` is its place among the others and on disk, and fit for a folder's name. */
export interface PooledPlace {
  readonly key: string;
  readonly url: string;
  readonly credentials: GitCredentials | undefined;
}

/** Objects, and when the last of them is where it is kept. */
interface OpenStore {
  readonly store: ObjectStore;
  idle(): Promise<void>;
}

interface OpenRemote {
  /** What the remote was opened with; anything else opens a new one. */
  readonly madeFrom: string;
  readonly remote: GitWriter;
  readonly objects: OpenStore;
}

/** Remotes over HTTPS that stay open between two uses, each with the objects that make the next fetch small. */
export class RemotePool implements Running {
  readonly #options: RemotePoolOptions;
  readonly #dispatcher = new GitDispatcher();
  readonly #remotes = new Map<string, OpenRemote>();

  constructor(options: RemotePoolOptions) {
    this.#options = options;
  }

  /** The remote of a place; another one as soon as its URL or its credentials are others. */
  async open({ key, url, credentials }: PooledPlace): Promise<GitWriter> {
    const madeFrom = fingerprint(url, credentials);
    const known = this.#remotes.get(key);
    if (known?.madeFrom === madeFrom) return known.remote;
    const objects = await this.#objects(key);
    const remote = new SmartHttpGitRemote({
      url,
      store: objects.store,
      dispatcher: this.#dispatcher,
      clock: this.#options.clock,
      ...(credentials && { credentials }),
    });
    // The one that was opened longest ago is opened again when it is needed.
    if (this.#remotes.size >= this.#options.remotesMax) this.#remotes.delete(this.#remotes.keys().next().value!);
    this.#remotes.set(key, { madeFrom, remote, objects });
    return remote;
  }

  async stop(): Promise<void> {
    await this.#dispatcher.close();
    await Promise.all(Array.from(this.#remotes.values(), ({ objects }) => objects.idle()));
  }

  async #objects(key: string): Promise<OpenStore> {
    const { cacheDirectory, memoryBytesMax, diskBytesMax } = this.#options;
    const memory = new InMemoryObjectStore({ bytesMax: memoryBytesMax });
    const inMemory = { store: memory, idle: async () => undefined };
    if (!cacheDirectory) return inMemory;
    try {
      const disk = await GitDirObjectStore.open({
        directory: join(cacheDirectory, key),
        bytesMax: diskBytesMax,
        objectBytesMax: gitLimits.objectBytesMax,
      });
      const store = new LayeredObjectStore({ near: memory, far: disk });
      return { store, idle: () => store.idle() };
    } catch {
      // Full, read-only, not a folder at all: it was only to make the next fetch small.
      return inMemory;
    }
  }
}

function fingerprint(url: string, credentials: GitCredentials | undefined): string {
  const secret = credentials?.kind === 'basic' ? credentials.password : credentials?.token;
  const user = credentials?.kind === 'basic' ? credentials.username : '';
  return createHash('sha256')
    .update(JSON.stringify([url, user, secret?.reveal()]))
    .digest('hex');
}
