import {
  repairGit,
  type GitHosts,
  type GitWriter,
  type Repair,
  type StoredRepository,
} from '@flotilla/control-sources';
import { InMemoryGitHost, InMemoryRepairs } from '@flotilla/control-sources/testing';
import { documentApiVersion, type RepositoryDocument } from '@flotilla/model';
import { InMemoryObjectStore, type PushOptions } from '@flotilla/platform-git';
import {
  FlakyGitRemote,
  InMemoryGitRemote,
  InMemoryGitRepository,
  type FileChanges,
} from '@flotilla/platform-git/testing';
import { mortal } from './mortal.ts';

export const repairedPath = 'services/checkout';
export const repairUid = 'r1';

/** What the repository's document says, and what there is beside it. */
export interface RepairWorldOptions {
  readonly host?: boolean;
  readonly write?: boolean;
  readonly mode?: 'push' | 'pullRequest';
  readonly protect?: boolean;
  readonly gone?: boolean;
}

class Crash extends Error {}

/** A repository, a rollback that wants it repaired, and a process that may end at any step. */
export class RepairWorld {
  readonly git = new InMemoryGitRepository();
  readonly repairs = new InMemoryRepairs();
  readonly host = new InMemoryGitHost();
  readonly looks: string[] = [];
  /** The commits that were sent, or were to be. */
  readonly pushes: string[] = [];
  readonly flaky: FlakyGitRemote;
  readonly #remote: InMemoryGitRemote;
  readonly #options: RepairWorldOptions;
  commits: readonly string[] = [];
  order!: Repair;
  beforePush: (() => void) | undefined;
  #crash: number | string | undefined;
  #steps = 0;

  constructor(options: RepairWorldOptions = {}) {
    this.#options = options;
    const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
    this.#remote = new InMemoryGitRemote({ repository: this.git, store });
    this.flaky = new FlakyGitRemote(this.#remote);
  }

  /** Commits one after another; the first is good, the last is bad. */
  history(...changes: readonly FileChanges[]): readonly string[] {
    this.commits = changes.map((each) => this.git.commit(each));
    this.order = orderOf(this.commits[0]!, this.commits.at(-1)!);
    return this.commits;
  }

  async repair(): Promise<number | undefined> {
    if (!(await this.repairs.find(repairUid))) this.repairs.open(this.order, repositoryOf(this.#options));
    const hosts: GitHosts = { openHost: async () => (this.#options.host ? this.#mortal(this.host) : undefined) };
    return repairGit(
      {
        repairs: this.#mortal(this.repairs),
        repositories: { lookSoon: async (repository) => void this.looks.push(repository) },
        writers: { openToWrite: async () => this.#mortal(this.#writer) },
        hosts,
        random: { next: () => 0.5 },
      },
      repairUid,
      new AbortController().signal,
    );
  }

  /** Ends the process at a step, before it or after it took effect; false when there are not so many steps. */
  async crashAt(step: number | string): Promise<boolean> {
    this.#crash = step;
    this.#steps = 0;
    try {
      await this.repair();
      return false;
    } catch (error) {
      if (error instanceof Crash) return true;
      throw error;
    } finally {
      this.#crash = undefined;
    }
  }

  async standing(): Promise<Repair> {
    return (await this.repairs.find(repairUid))!.repair;
  }

  async head(of = 'main') {
    const [ref] = await this.#remote.listRefs({ names: [`refs/heads/${of}`] });
    return (await this.#remote.pull({ commit: ref!.commit, paths: [], files: false })).commit;
  }

  /** What the commits of `main` say, the newest first. */
  async messages(): Promise<string[]> {
    const pulled = this.git.history('main').map((commit) => this.#remote.pull({ commit, paths: [], files: false }));
    return (await Promise.all(pulled)).map(({ commit }) => commit.message);
  }

  async texts(of = 'main'): Promise<Record<string, string>> {
    const { id } = await this.head(of);
    const { trees } = await this.#remote.pull({ commit: id, paths: [''], files: true });
    const files = await this.#remote.files(trees.get('')!);
    return Object.fromEntries(files.map((file) => [file.path, Buffer.from(file.content).toString('utf8')]));
  }

  get #writer(): GitWriter {
    const { flaky } = this;
    return {
      listRefs: (options) => flaky.listRefs(options),
      pull: (options) => flaky.pull(options),
      files: (tree) => flaky.files(tree),
      list: (options) => flaky.list(options),
      commitFiles: (options) => flaky.commitFiles(options),
      push: (options: PushOptions) => {
        this.beforePush?.();
        this.pushes.push(options.commit.id);
        return flaky.push(options);
      },
    };
  }

  #mortal<Port extends object>(port: Port): Port {
    return mortal(port, (name) => this.#step(name));
  }

  #step(name: string): void {
    this.#steps++;
    if (this.#crash === this.#steps || this.#crash === name) throw new Crash();
  }
}

function orderOf(goodRevision: string, badRevision: string): Repair {
  return {
    uid: repairUid,
    rollback: 'rb1',
    project: 'shop',
    repository: 'shop',
    branch: 'main',
    applications: ['checkout'],
    paths: [repairedPath],
    goodRevision,
    badRevision,
    reason: 'it returned 500s\n\nFlotilla-Repair: other',
    actor: { kind: 'user', name: 'ann' },
    state: 'Waiting',
    attempts: 0,
    conflicts: [],
    createdAt: new Date('2026-01-01T00:00:00Z'),
  };
}

function repositoryOf({ write = true, mode }: RepairWorldOptions): StoredRepository {
  const document: RepositoryDocument = {
    apiVersion: documentApiVersion,
    kind: 'Repository',
    metadata: { name: 'shop', project: 'shop' },
    spec: {
      url: 'https://git.example.org/shop.git',
      ...(write && { write: { credential: 'shop-write', ...(mode && { mode }) } }),
    },
  };
  return { uid: 'shop', document };
}
