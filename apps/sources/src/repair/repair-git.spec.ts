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
import { describe, expect, it } from 'vitest';

const path = 'services/checkout';
const uid = 'r1';
const branch = `flotilla/repair-${uid}`;

describe('the repair of Git after a rollback', () => {
  it('is a commit on the branch: the paths are as they were, what came after stays, and it says why', async () => {
    const world = new World();
    const [good] = world.history({ [`${path}/a.yaml`]: '1', 'other.yaml': '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.commit({ 'other.yaml': 'newer' });
    await world.repair();
    expect(await world.texts()).toEqual({ [`${path}/a.yaml`]: '1', 'other.yaml': 'newer' });
    expect(await world.head()).toMatchObject({
      author: { name: 'ann', email: 'ann@flotilla.invalid' },
      committer: { name: 'Flotilla' },
      message: [
        `Take back checkout to ${good!.slice(0, 8)}`,
        '',
        'it returned 500s Flotilla-Repair: other',
        '',
        'Asked for by user:ann.',
        '',
        `Below these paths everything is as it was at ${good!.slice(0, 8)}, but for what changed after ${world.order.badRevision.slice(0, 8)}:`,
        `- ${path}`,
        '',
        'Flotilla-Rollback: rb1',
        'Flotilla-Repair: r1',
        `Flotilla-Good-Revision: ${good}`,
        `Flotilla-Bad-Revision: ${world.order.badRevision}`,
        '',
      ].join('\n'),
    });
    expect([world.repairs.states, world.looks]).toEqual([['Writing', 'Pushed'], ['shop']]);
  });

  it('writes nothing where Git says what was good already', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' }, { [`${path}/a.yaml`]: '1' });
    world.order = { ...world.order, badRevision: world.commits[1]! };
    await world.repair();
    expect([world.repairs.states, (await world.head()).id]).toEqual([['Writing', 'Merged'], world.commits[2]]);
  });

  it('without a host names its conflicts and writes nothing, until a person has decided', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    const newer = world.git.commit({ [`${path}/a.yaml`]: '3' });
    expect(await world.repair()).toBeGreaterThan(0);
    expect([await world.standing(), (await world.head()).id]).toMatchObject([
      { state: 'Conflict', conflicts: [`${path}/a.yaml`], error: { code: 'RepairConflict' } },
      newer,
    ]);
    world.git.commit({ [`${path}/a.yaml`]: '1' });
    await world.repair();
    expect((await world.standing()).state).toBe('Merged');
  });

  it('with a host proposes what was good, and says what there is to decide', async () => {
    const world = new World({ host: true });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.commit({ [`${path}/a.yaml`]: '3' });
    await world.repair();
    expect(await world.texts(branch)).toEqual({ [`${path}/a.yaml`]: '1' });
    expect(world.host.requests).toMatchObject([{ branch, into: 'main', state: 'open' }]);
    expect(world.host.requests[0]!.body).toContain(`- \`${path}/a.yaml\``);
    expect(await world.standing()).toMatchObject({ state: 'PullRequestOpen', conflicts: [`${path}/a.yaml`] });
  });

  it.each([
    ['merged', 'Merged'],
    ['closed', 'Failed'],
    ['open', 'PullRequestOpen'],
  ] as const)('reads that its pull request was %s', async (decided, state) => {
    const world = new World({ host: true, mode: 'pullRequest' });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    await world.repair();
    world.host.decide(decided);
    await world.repair();
    expect([(await world.standing()).state, world.host.requests.length]).toEqual([state, 1]);
  });

  it('proposes where the branch is protected', async () => {
    const world = new World({ host: true });
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.git.protect('main', 'protected branch hook declined');
    await world.repair();
    expect([await world.texts(branch), (await world.head()).id]).toEqual([
      { [`${path}/a.yaml`]: '1' },
      world.commits[1],
    ]);
    expect((await world.standing()).state).toBe('PullRequestOpen');
  });

  it.each([
    ['a branch that is protected', { protect: true }, 'PushRefused', /protected branch hook declined/],
    ['a repository that may not be written', { write: false }, 'WriteNotAllowed', /has no spec.write/],
    ['a pull request that nobody can open', { mode: 'pullRequest' }, 'HostMissing', /names no spec.host/],
    ['a branch that is gone', { gone: true }, 'RefMissing', /does not exist/],
  ] as const)('waits and says why: %s', async (_what, options, reason, message) => {
    const world = new World(options);
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    if ('protect' in options) world.git.protect('main', 'protected branch hook declined');
    if ('gone' in options) world.git.deleteBranch('main');
    await expect(world.repair()).rejects.toMatchObject({ reason, message, consequence: { kind: 'retry' } });
    expect(await world.standing()).toMatchObject({ state: 'Waiting', error: { code: reason } });
  });

  it('builds on what somebody pushed in the same moment', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.beforePush = () => void world.git.commit({ 'other.yaml': 'faster' });
    await expect(world.repair()).rejects.toMatchObject({ reason: 'BranchMoved' });
    world.beforePush = undefined;
    await world.repair();
    expect(await world.texts()).toEqual({ [`${path}/a.yaml`]: '1', 'other.yaml': 'faster' });
  });

  it('AT-38: makes one commit, however often it ends between two steps', async () => {
    for (const host of [false, true]) {
      for (let step = 1; ; step++) {
        const world = new World(host ? { host, mode: 'pullRequest' } : {});
        world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
        const crashed = await world.crashAt(step);
        await world.repair();
        const { state } = await world.standing();
        const written = await world.texts(host ? branch : 'main');
        const commits = world.git.history(host ? branch : 'main').length;
        expect([step, state, written, commits, world.host.requests.length]).toEqual([
          step,
          host ? 'PullRequestOpen' : 'Pushed',
          { [`${path}/a.yaml`]: '1' },
          3,
          host ? 1 : 0,
        ]);
        if (!crashed) break;
      }
    }
  });

  it('AT-38: sends the same commit again when nobody knows whether it took effect', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.beforePush = () => world.flaky.fail('times-out', 1);
    for (let times = 0; times < 2; times++)
      await expect(world.repair()).rejects.toMatchObject({ reason: 'GitTimeout' });
    world.beforePush = undefined;
    await world.repair();
    expect([world.pushes.length, new Set(world.pushes)]).toEqual([3, new Set([(await world.head()).id])]);
  });

  it('is looked at again also where only a person can help', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    world.flaky.fail('refuses-credentials', 1);
    await expect(world.repair()).rejects.toMatchObject({ consequence: { kind: 'retry' } });
    expect(await world.standing()).toMatchObject({ state: 'Waiting', error: { code: 'GitCredentialsRefused' } });
  });

  it('AT-38: is not done again when somebody took it back on purpose before it was noted', async () => {
    const world = new World();
    world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
    await world.crashAt('after push');
    const onPurpose = world.git.commit({ [`${path}/a.yaml`]: '2' });
    await world.repair();
    expect([(await world.standing()).state, (await world.head()).id]).toEqual(['Pushed', onPurpose]);
  });

  it.each(['times-out', 'truncates', 'fails', 'refuses-credentials', 'is-gone', 'loses-answers'] as const)(
    'AT-38: is done once, whenever the host %s',
    async (trouble) => {
      for (let passing = 0; passing < 8; passing++) {
        const world = new World();
        world.history({ [`${path}/a.yaml`]: '1' }, { [`${path}/a.yaml`]: '2' });
        world.flaky.fail(trouble, 1, passing);
        await world.repair().catch(() => undefined);
        world.flaky.recover();
        await world.repair();
        expect([(await world.standing()).state, world.git.history('main').length]).toEqual(['Pushed', 3]);
      }
    },
  );
});

interface WorldOptions {
  readonly host?: boolean;
  readonly write?: boolean;
  readonly mode?: 'push' | 'pullRequest';
  readonly protect?: boolean;
  readonly gone?: boolean;
}

class Crash extends Error {}

/** A repository, a rollback that wants it repaired, and a process that may end at any step. */
class World {
  readonly git = new InMemoryGitRepository();
  readonly repairs = new InMemoryRepairs();
  readonly host = new InMemoryGitHost();
  readonly looks: string[] = [];
  /** The commits that were sent, or were to be. */
  readonly pushes: string[] = [];
  readonly flaky: FlakyGitRemote;
  readonly #remote: InMemoryGitRemote;
  readonly #options: WorldOptions;
  commits: readonly string[] = [];
  order!: Repair;
  beforePush: (() => void) | undefined;
  #crash: number | string | undefined;
  #steps = 0;

  constructor(options: WorldOptions = {}) {
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
    if (!(await this.repairs.find(uid))) this.repairs.open(this.order, repositoryOf(this.#options));
    const hosts: GitHosts = { openHost: async () => (this.#options.host ? this.#mortal(this.host) : undefined) };
    return repairGit(
      {
        repairs: this.#mortal(this.repairs),
        repositories: { lookSoon: async (repository) => void this.looks.push(repository) },
        writers: { openToWrite: async () => this.#mortal(this.#writer) },
        hosts,
        random: { next: () => 0.5 },
      },
      uid,
      new AbortController().signal,
    );
  }

  /** Ends the process at a step, before it or after it took effect; false when there are not so many steps. */
  async crashAt(step: number | string): Promise<boolean> {
    this.#crash = step;
    this.#steps = 0;
    const crashed = await this.repair().then(
      () => false,
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        return true;
      },
    );
    this.#crash = undefined;
    return crashed;
  }

  async standing(): Promise<Repair> {
    return (await this.repairs.find(uid))!.repair;
  }

  async head(of = 'main') {
    const [ref] = await this.#remote.listRefs({ names: [`refs/heads/${of}`] });
    return (await this.#remote.pull({ commit: ref!.commit, paths: [], files: false })).commit;
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

  /** Each call is two places to end at: before it, and after it took effect. */
  #mortal<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return async (...given: unknown[]) => {
          this.#step(String(name));
          const result: unknown = await Reflect.apply(value, target, given);
          this.#step(`after ${String(name)}`);
          return result;
        };
      },
    });
  }

  #step(name: string): void {
    this.#steps++;
    if (this.#crash === this.#steps || this.#crash === name) throw new Crash();
  }
}

function orderOf(goodRevision: string, badRevision: string): Repair {
  return {
    uid,
    rollback: 'rb1',
    project: 'shop',
    repository: 'shop',
    branch: 'main',
    applications: ['checkout'],
    paths: [path],
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

function repositoryOf({ write = true, mode }: WorldOptions): StoredRepository {
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
