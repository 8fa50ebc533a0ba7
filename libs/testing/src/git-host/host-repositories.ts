import { access, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Limit, systemClock } from '@flotilla/foundation';
import { importStream, type FileChanges } from './import-stream.ts';
import { runGit } from './run-git.ts';

export interface CommitOptions {
  readonly branch?: string;
  readonly message?: string;
  /** Milliseconds since the epoch; now when not given. */
  readonly date?: number;
  /** `Name <address>`; the demo's own when not given. */
  readonly author?: string;
}

const configuration = `[core]
\trepositoryformatversion = 0
\tbare = true
[http]
\treceivepack = true
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[receive]
\tdenyDeleteCurrent = ignore
[gc]
\tauto = 0
`;

/** The bare repositories in one directory. Commits are made from file texts; there is no work tree anywhere. */
export class HostRepositories {
  readonly #root: string;
  readonly #writing = new Map<string, Limit>();

  constructor(root: string) {
    this.#root = root;
  }

  directory(name: string): string {
    return join(this.#root, `${name}.git`);
  }

  async has(name: string): Promise<boolean> {
    return access(join(this.directory(name), 'HEAD')).then(
      () => true,
      () => false,
    );
  }

  async create(name: string): Promise<void> {
    const directory = this.directory(name);
    for (const folder of ['objects/pack', 'objects/info', 'refs/heads', 'refs/tags']) {
      await mkdir(join(directory, folder), { recursive: true });
    }
    await writeFile(join(directory, 'config'), configuration);
    await writeFile(join(directory, 'HEAD'), 'ref: refs/heads/main\n');
  }

  async remove(name: string): Promise<void> {
    await rm(this.directory(name), { recursive: true, force: true });
  }

  /** Makes one commit on a branch, however many files it changes, in one process. */
  async commit(name: string, changes: FileChanges, options: CommitOptions = {}): Promise<string> {
    const { branch = 'main', message = 'change', date = systemClock.now(), author } = options;
    return this.#alone(name, async () => {
      const ref = `refs/heads/${branch}`;
      const parent = (await this.refs(name)).get(ref);
      const input = importStream({ ref, parent, message, seconds: Math.floor(date / 1000), author, changes });
      return runGit(['fast-import', '--quiet', '--force'], { directory: this.directory(name), input });
    });
  }

  async setRef(name: string, ref: string, commit: string): Promise<void> {
    await this.#alone(name, () => runGit(['update-ref', ref, commit], { directory: this.directory(name) }));
  }

  async deleteRef(name: string, ref: string): Promise<void> {
    await this.#alone(name, () => runGit(['update-ref', '-d', ref], { directory: this.directory(name) }));
  }

  /** Writes an object exactly as given, however malformed, and gives its id. */
  async writeObject(name: string, type: string, content: Uint8Array): Promise<string> {
    const args = ['hash-object', '-t', type, '-w', '--stdin', '--literally'];
    return runGit(args, { directory: this.directory(name), input: content });
  }

  async refs(name: string): Promise<Map<string, string>> {
    const listing = await runGit(['for-each-ref', '--format=%(refname) %(objectname)'], {
      directory: this.directory(name),
    });
    const lines = listing === '' ? [] : listing.split('\n');
    return new Map(lines.map((line) => line.split(' ') as [string, string]));
  }

  /** One writer at a time: two would race for the tip of the branch. */
  #alone<Result>(name: string, task: () => Promise<Result>): Promise<Result> {
    const limit = this.#writing.get(name) ?? new Limit(1);
    this.#writing.set(name, limit);
    return limit.run(task);
  }
}
