import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RenderCache } from '@flotilla/agent';

export interface DiskRenderCacheOptions {
  readonly directory: string;
  readonly bytesMax: number;
}

/** Looking through the folder costs a look at every file, so it is not done for each of them. */
const putsBetweenSweeps = 100;

/** Renders as files, each named by its key. Whoever else writes there is not believed, and what is too old makes way. */
export class DiskRenderCache implements RenderCache {
  readonly #options: DiskRenderCacheOptions;
  #puts = 0;

  constructor(options: DiskRenderCacheOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return readFile(this.#file(key)).catch(() => undefined);
  }

  /** Under another name first: a file that is there is whole. */
  async put(key: string, sealed: Uint8Array): Promise<void> {
    await mkdir(this.#options.directory, { recursive: true, mode: 0o700 });
    const draft = `${this.#file(key)}.${process.pid}`;
    await writeFile(draft, sealed, { mode: 0o600 });
    await rename(draft, this.#file(key));
    if (this.#puts++ % putsBetweenSweeps === 0) await this.#sweep();
  }

  /** Takes away the oldest files, and drafts that nobody finished, until what is left fits. */
  async #sweep(): Promise<void> {
    const { directory, bytesMax } = this.#options;
    const names = await readdir(directory);
    const files = await Promise.all(
      names.map(async (name) => ({ name, ...(await sizeAndTime(join(directory, name))) })),
    );
    let bytes = 0;
    for (const { name, size } of files.toSorted((left, right) => right.at - left.at)) {
      bytes += size;
      if (bytes > bytesMax) await rm(join(directory, name), { force: true });
    }
  }

  #file(key: string): string {
    return join(this.#options.directory, key);
  }
}

/** A file that went meanwhile has neither. */
async function sizeAndTime(file: string): Promise<{ size: number; at: number }> {
  const found = await stat(file).catch(() => undefined);
  return { size: found?.size ?? 0, at: found?.mtimeMs ?? 0 };
}
