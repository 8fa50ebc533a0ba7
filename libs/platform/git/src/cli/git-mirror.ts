import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Limit } from '@flotilla/foundation';

export interface GitMirrorOptions {
  /** Kept between runs; nobody else may use it. */
  readonly directory: string;
  readonly bytesMax: number;
}

/** After so many fetches a mirror is thrown away: each leaves a ref, a pack and a line in the list of shallow commits. */
const fetchesMax = 500;

/**
 * The bare repository into which the `git` command fetches, with all directories of the commits that were asked for and
 * the files that were needed. It is a cache: when it has grown too large it is thrown away whole, and fetched again.
 */
export class GitMirror {
  readonly #options: GitMirrorOptions;
  readonly #alone = new Limit(1);
  #prepared: Promise<void> | undefined;
  #fetches = 0;

  constructor(options: GitMirrorOptions) {
    this.#options = options;
  }

  /** The repository that fetches: the command marks it as partial, and would fetch whatever is missing when read. */
  get fetching(): string {
    return join(this.#options.directory, 'mirror.git');
  }

  /** The same objects, seen from a repository that knows no remote: what is missing is missing. */
  get environmentForReading(): Record<string, string> {
    return { GIT_DIR: this.#reading, GIT_OBJECT_DIRECTORY: join(this.fetching, 'objects') };
  }

  /** Makes sure that there is a mirror; one of an earlier run is used on. */
  prepare(): Promise<void> {
    this.#prepared ??= this.#open();
    return this.#prepared;
  }

  /** One fetch at a time: two would meet on the list of shallow commits. */
  async fetchAlone<Result>(fetch: () => Promise<Result>): Promise<Result> {
    return this.#alone.run(() => {
      this.#fetches++;
      return fetch();
    });
  }

  /** To be called when nobody reads: throws a mirror away that has grown too large. */
  async trim(): Promise<void> {
    const isTooLarge = this.#fetches > fetchesMax || (await packBytes(this.fetching)) > this.#options.bytesMax;
    if (!isTooLarge) return;
    this.#prepared = this.#create();
    await this.#prepared;
  }

  get #reading(): string {
    return join(this.#options.directory, 'reader.git');
  }

  async #open(): Promise<void> {
    const earlier = await readdir(join(this.fetching, 'refs', 'flotilla')).catch(() => undefined);
    if (!earlier) return this.#create();
    this.#fetches = earlier.length;
  }

  async #create(): Promise<void> {
    await rm(this.#options.directory, { recursive: true, force: true });
    for (const repository of [this.#reading, this.fetching]) {
      await mkdir(join(repository, 'objects', 'pack'), { recursive: true });
      await mkdir(join(repository, 'refs', 'flotilla'), { recursive: true });
      await writeFile(join(repository, 'config'), '[core]\n\trepositoryformatversion = 0\n\tbare = true\n');
      await writeFile(join(repository, 'HEAD'), 'ref: refs/heads/main\n');
    }
    this.#fetches = 0;
  }
}

async function packBytes(repository: string): Promise<number> {
  const packs = join(repository, 'objects', 'pack');
  const files = await readdir(packs).catch(() => []);
  const sizes = await Promise.all(files.map(async (file) => (await stat(join(packs, file))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
