import {
  writeRecord,
  type GitWriter,
  type RecordEnd,
  type RecordOrder,
  type RecordOrders,
} from '@flotilla/control-sources';
import { documentApiVersion, type RepositoryDocument } from '@flotilla/model';
import { InMemoryObjectStore, type PushOptions } from '@flotilla/platform-git';
import { FlakyGitRemote, InMemoryGitRemote, InMemoryGitRepository } from '@flotilla/platform-git/testing';
import { describe, expect, it } from 'vitest';
import { mortal } from '../testing/mortal.ts';

const path = '.flotilla/releases/default/checkout/production.yaml';

class Crash extends Error {}

type Write = RepositoryDocument['spec']['write'];

/** A repository, a record that is to be written to it, and a process that may end at any step. */
class World implements RecordOrders {
  readonly git = new InMemoryGitRepository();
  readonly ends: RecordEnd[] = [];
  readonly flaky: FlakyGitRemote;
  readonly looks: string[] = [];
  beforePush: (() => void) | undefined;
  crashAt = 0;
  /** Who acts at a step of this process, as if it stood still there. */
  meanwhile: { readonly at: number; readonly act: () => Promise<void> } | undefined;
  wanted = 'rec1';
  #steps = 0;

  constructor(
    readonly write: Write = { credential: 'shop-write', mode: 'push' },
    readonly over: Partial<RecordOrder> = {},
  ) {
    const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
    this.git.commit({ 'README.md': 'What runs where.' });
    this.flaky = new FlakyGitRemote(new InMemoryGitRemote({ repository: this.git, store }));
  }

  async find(uid: string): Promise<RecordOrder | undefined> {
    if (uid !== this.wanted || this.ends.at(-1)?.state === 'Written') return undefined;
    const spec: RepositoryDocument['spec'] = { url: 'https://git.example.org/releases.git', write: this.write };
    const document = {
      apiVersion: documentApiVersion,
      kind: 'Repository',
      metadata: { name: 'releases', project: 'default' },
      spec,
    } as const;
    return {
      uid,
      project: 'default',
      application: 'checkout',
      environment: 'production',
      release: 'r1',
      revision: '1'.repeat(40),
      digest: 'd'.repeat(64),
      repository: 'releases',
      document: { uid: 'releases-uid', document },
      branch: 'main',
      path,
      cause: 'promotion',
      by: 'ann',
      askedAt: new Date('2026-01-01T00:00:00Z'),
      tries: 0,
      failures: 0,
      dueInMs: 0,
      ...this.over,
    };
  }

  async ended(_: RecordOrder, end: RecordEnd): Promise<void> {
    this.ends.push(end);
  }

  /** What the file says by now. */
  async said(): Promise<string> {
    const commit = this.git.history('main')[0]!;
    const folder = path.slice(0, path.lastIndexOf('/'));
    const { trees } = await this.flaky.pull({ commit, paths: [folder], files: true });
    const [file] = trees.get(folder) ? await this.flaky.files(trees.get(folder)!) : [];
    return Buffer.from(file?.content ?? '').toString('utf8');
  }

  /** Another process that is to write another order to the same branch. */
  other(uid: string, over: Partial<RecordOrder> = {}): World {
    const other = new World(this.write, { ...this.over, ...over });
    return Object.assign(other, { git: this.git, flaky: this.flaky, wanted: uid });
  }

  look(uid = this.wanted): Promise<number | undefined> {
    this.#steps = 0;
    return writeRecord(
      {
        records: this.#mortal(this as RecordOrders),
        repositories: { lookSoon: async (repository) => void this.looks.push(repository) },
        writers: { openToWrite: async () => this.#mortal(this.#writer) },
        random: { next: () => 0.5 },
      },
      uid,
      this.#stopping.signal,
    );
  }

  readonly #stopping = new AbortController();

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
        return flaky.push(options);
      },
    };
  }

  /** Whoever dies says nothing any more: what it would have noted as its failure is aborted with it. */
  #mortal<Port extends object>(port: Port): Port {
    const step = async () => {
      this.#steps++;
      if (this.#steps === this.meanwhile?.at) await this.meanwhile.act();
      if (this.#steps !== this.crashAt) return;
      this.#stopping.abort(new Crash());
      throw new Crash();
    };
    return mortal(port, step);
  }
}

describe('a record of what enters a stage', () => {
  it('is one file on the branch, in a commit that says who wanted it, read back', async () => {
    const world = new World();
    expect([await world.look(), world.ends, world.looks]).toEqual([
      undefined,
      [{ state: 'Written', commit: world.git.history('main')[0] }],
      ['releases-uid'],
    ]);
    expect(await world.look()).toBeUndefined();
    expect(world.git.history('main').length).toBe(2);
  });

  it('AT-38: is written once, whatever step the process ends at', async () => {
    for (let step = 1; ; step++) {
      const world = new World();
      world.crashAt = step;
      const crashed = await world.look().then(
        () => false,
        () => true,
      );
      const after = world.other('rec1');
      await after.look();
      expect([step, after.ends.map(({ state }) => state), world.git.history('main').length]).toEqual([
        step,
        ['Written'],
        2,
      ]);
      if (!crashed) break;
    }
  });

  it('is written on top of what somebody pushed in the same moment', async () => {
    const world = new World();
    let races = 2;
    world.beforePush = () => {
      if (races-- > 0) world.git.commit({ 'other.yaml': `${races}` });
    };
    await world.look();
    expect([world.ends.map(({ state }) => state), world.git.history('main').length]).toEqual([['Written'], 4]);
  });

  it.each<[string, Write, Partial<RecordOrder>, RegExp]>([
    ['that may not be written', undefined, {}, /releases has no spec.write/],
    ['that takes pull requests only', { credential: 'c', mode: 'pullRequest' }, {}, /takes pull requests only/],
    ['that is gone', { credential: 'c' }, { document: undefined as never }, /is not there any more/],
    [
      'without that branch',
      { credential: 'c' },
      { branch: 'gone' },
      /branch gone does not exist in repository releases/,
    ],
  ])('waits and says why: a repository %s', async (_what, write, over, reason) => {
    const world = new World(write, over);
    if (write === undefined) Object.assign(world, { write });
    expect([await world.look(), world.ends]).toEqual([
      expect.any(Number),
      [{ state: 'Failing', reason: expect.stringMatching(reason), againInMs: expect.any(Number) }],
    ]);
  });

  it('waits and says why: a branch that takes no push', async () => {
    const world = new World();
    world.git.protect('main', 'protected branch hook declined');
    await world.look();
    const reason = expect.stringMatching(/does not take a push to main of releases: protected branch hook declined/);
    expect([world.ends, world.git.history('main').length]).toEqual([
      [{ state: 'Failing', reason, againInMs: expect.any(Number) }],
      1,
    ]);
  });

  it.each([
    ['a file where its folder would be', { '.flotilla': 'mine' }, '.flotilla'],
    ['a folder of its own name', { [`${path}/notes.md`]: 'mine' }, path],
  ])('waits, and takes away nothing of what others wrote: %s', async (_what, theirs, place) => {
    const world = new World();
    const head = world.git.commit(theirs);
    await world.look();
    const reason = expect.stringContaining(place);
    expect([world.ends, world.git.history('main')[0]]).toEqual([
      [{ state: 'Failing', reason, againInMs: expect.any(Number) }],
      head,
    ]);
  });

  it.each([
    ['that Git keeps for itself', '.Git/hooks'],
    ['that nobody can read', 'a\u202eb'],
  ])('waits, and writes nothing into a folder %s', async (_what, folder) => {
    const world = new World(undefined, { path: `${folder}/default/checkout/production.yaml` });
    await world.look();
    const reason = expect.stringContaining('rename it');
    expect([world.ends, world.git.history('main').length]).toEqual([
      [{ state: 'Failing', reason, againInMs: expect.any(Number) }],
      1,
    ]);
  });

  it.each(['times-out', 'truncates', 'fails', 'refuses-credentials', 'loses-answers'] as const)(
    'AT-38: is written once, whenever the host %s',
    async (trouble) => {
      for (let passing = 0; passing < 6; passing++) {
        const world = new World();
        world.flaky.fail(trouble, 1, passing);
        await world.look();
        world.flaky.recover();
        await world.look();
        expect([world.ends.at(-1)?.state, world.git.history('main').length]).toEqual(['Written', 2]);
      }
    },
  );
});

/** An older try stands still at a step, while another process writes what was asked for after it, and dies once on the way. */
async function race({
  standsAt,
  diesAt,
  before,
  over,
}: Race): Promise<{ overtaken: boolean; died: boolean; said: string[] }> {
  const older = new World();
  if (before) await older.other('rec0', before).look();
  const newer = older.other('rec2', over);
  let [overtaken, died] = [false, false];
  const act = async () => {
    overtaken = true;
    older.wanted = newer.wanted;
    newer.crashAt = diesAt;
    await newer.look().catch(() => (died = true));
    await older.other('rec2', over).look();
  };
  older.meanwhile = { at: standsAt, act };
  await older.look('rec1');
  return { overtaken, died, said: (await older.said()).match(/(?<=revision: ").|(?<=record: ").*(?=")/g) ?? [] };
}

interface Race {
  readonly standsAt: number;
  readonly diesAt: number;
  /** What Git says before both. */
  readonly before?: Partial<RecordOrder> | undefined;
  readonly over: Partial<RecordOrder>;
}

describe('two tries at once, of what was asked for and of what was asked for after it', () => {
  const second = { release: 'r2', revision: '2'.repeat(40), digest: 'e'.repeat(64) };

  it.each<[string, Pick<Race, 'before' | 'over'>, string]>([
    ['another release', { over: second }, '2 by rec2'],
    ['the same release', { over: {} }, '1 by rec2'],
    ['what Git has said all the time', { before: second, over: second }, '2 by rec2'],
  ])('AT-38: leave what was asked for last, wherever one stands still and the other dies: %s', async (_, how, last) => {
    const ended = new Set<string>();
    let races = 0;
    for (let standsAt = 1, goesOn = true; goesOn; standsAt++) {
      for (let diesAt = 1, dies = true; dies && goesOn; diesAt++) {
        const { overtaken, died, said } = await race({ standsAt, diesAt, ...how });
        [goesOn, dies] = [overtaken, died];
        if (overtaken) races++;
        if (overtaken) ended.add(said.join(' by '));
      }
    }
    expect([races > 100, [...ended]]).toEqual([true, [last]]);
  });
});
