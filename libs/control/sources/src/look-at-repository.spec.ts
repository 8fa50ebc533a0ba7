import { beforeEach, describe, expect, it } from 'vitest';
import { Fault, seededRandom } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { systemActor } from '@flotilla/model';
import { InMemoryObjectStore } from '@flotilla/platform-git';
import {
  FlakyGitRemote,
  InMemoryGitRemote,
  InMemoryGitRepository,
  type GitTrouble,
} from '@flotilla/platform-git/testing';
import { applyDocuments } from './apply-documents.ts';
import type { GitRemote } from './git-remote.port.ts';
import { lookAtRepository } from './look-at-repository.ts';
import { shopDocuments, type ShopOptions } from './testing/documents.ts';
import { inMemorySourcesWorld } from './testing/in-memory-world.ts';

const project = 'default';
const main = 'refs/heads/main';
let world: ReturnType<typeof inMemorySourcesWorld>;
let repository: InMemoryGitRepository;
let host: FlakyGitRemote;
let asked: string[];

beforeEach(() => {
  world = inMemorySourcesWorld();
  repository = new InMemoryGitRepository();
  const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
  host = new FlakyGitRemote(new InMemoryGitRemote({ repository, store, clock: new VirtualClock() }));
  asked = [];
});

/** The host, with a note of every request. */
const noted: GitRemote = {
  listRefs: (options) => (asked.push(`refs ${options.names.join(' ')}`), host.listRefs(options)),
  pull: (options) => (asked.push(`pull${options.have ? ' since' : ''} ${options.paths.join(' ')}`), host.pull(options)),
  files: (tree) => host.files(tree),
};

async function openShop(options: ShopOptions = {}): Promise<void> {
  const { problems } = await applyDocuments(world.documents, {
    project,
    files: [shopDocuments(options)],
    by: systemActor('test'),
    dryRun: false,
  });
  expect(problems).toEqual([]);
  await world.marks();
}

async function look() {
  const ports = { ...world, remotes: { open: async () => noted }, random: seededRandom(1) };
  return lookAtRepository(ports, await world.uidOf('Repository', 'shop'), new AbortController().signal);
}

const seen = async () => world.revisions.seen(await world.uidOf('Repository', 'shop'), main)?.commit;
const manifest = (text: string) => ({ 'services/checkout/dev/a.yaml': text });

describe('a look at a repository', () => {
  it('records a commit and plans who reads what changed in it', async () => {
    await openShop();
    const commit = repository.commit(manifest('a: 1'));
    const checkout = await world.uidOf('Application', 'checkout');
    expect(await look()).toEqual({
      recorded: [{ ref: main, commit }],
      planned: [checkout],
      nextInMs: expect.any(Number),
    });
    expect([await seen(), await world.marks()]).toEqual([commit, [`plan/${checkout}`]]);
  });

  it('is one request when nothing changed, and two that start from what is known when something did', async () => {
    await openShop();
    repository.commit(manifest('a: 1'));
    await look();
    asked.length = 0;
    expect(await look()).toMatchObject({ recorded: [], planned: [] });
    repository.commit(manifest('a: 2'));
    await look();
    expect(asked).toEqual([`refs ${main}`, `refs ${main}`, 'pull since services/checkout/dev']);
  });

  it('a commit that changes nobody’s inputs is recorded and is no work', async () => {
    await openShop();
    repository.commit(manifest('a: 1'));
    await look();
    await world.marks();
    const commit = repository.commit({ 'README.md': 'two' });
    expect(await look()).toMatchObject({ recorded: [{ commit }], planned: [] });
    expect([await seen(), await world.marks()]).toEqual([commit, []]);
  });

  it('reads at the known commit what nobody read there before', async () => {
    await openShop();
    const commit = repository.commit({ ...manifest('a: 1'), 'services/catalog/dev/a.yaml': 'a: 1' });
    await look();
    await openShop({ applications: ['checkout', 'catalog'] });
    expect(await look()).toMatchObject({
      recorded: [{ commit }],
      planned: [await world.uidOf('Application', 'catalog')],
    });
  });

  it('of a repository that nobody reads asks for nothing; of one that is gone there is none', async () => {
    await openShop({ applications: [] });
    expect([await look(), asked]).toMatchObject([{ recorded: [] }, []]);
    const ports = { ...world, remotes: { open: async () => noted }, random: seededRandom(1) };
    expect(await lookAtRepository(ports, 'nobody', new AbortController().signal)).toBeUndefined();
  });

  it('comes back after its interval, spread by a tenth either way', async () => {
    await openShop({ repository: 'poll: {interval: 100s}' });
    repository.commit(manifest('a: 1'));
    const random = seededRandom(7);
    const uid = await world.uidOf('Repository', 'shop');
    const waits: number[] = [];
    for (let count = 0; count < 50; count++) {
      const ports = { ...world, remotes: { open: async () => noted }, random };
      waits.push((await lookAtRepository(ports, uid, new AbortController().signal))!.nextInMs);
    }
    const [least, most] = [Math.min(...waits), Math.max(...waits)];
    expect([least >= 90_000, most <= 110_000, most - least > 15_000]).toEqual([true, true, true]);
  });
});

describe('AT-05: a failed look never means some other revision', () => {
  beforeEach(async () => {
    await openShop();
    repository.commit(manifest('a: 1'));
    await look();
    await world.marks();
  });

  it.each<[GitTrouble, string]>([
    ['times-out', 'GitTimeout'],
    ['truncates', 'GitPackTruncated'],
    ['fails', 'GitHostFailed'],
    ['refuses-credentials', 'GitCredentialsRefused'],
    ['is-gone', 'GitRepositoryNotFound'],
  ])('when the host %s', async (trouble, reason) => {
    const before = await seen();
    const second = repository.commit(manifest('a: 2'));
    host.fail(trouble);
    await expect(look()).rejects.toMatchObject({ reason });
    expect([await seen(), await world.marks()]).toEqual([before, []]);
    host.recover();
    await look();
    expect(await seen()).toBe(second);
  });

  it('when it fails between the refs and the commit', async () => {
    const before = await seen();
    repository.commit(manifest('a: 2'));
    const refs = host.listRefs.bind(host);
    host.listRefs = async (options) => {
      const found = await refs(options);
      host.fail('truncates');
      return found;
    };
    await expect(look()).rejects.toMatchObject({ reason: 'GitPackTruncated' });
    expect([await seen(), await world.marks()]).toEqual([before, []]);
  });

  it('when a push lands between the refs and the commit: the commit that was named is the one that is read', async () => {
    const second = repository.commit(manifest('a: 2'));
    const refs = host.listRefs.bind(host);
    host.listRefs = async (options) => {
      const found = await refs(options);
      repository.commit(manifest('a: 3'));
      return found;
    };
    expect(await look()).toMatchObject({ recorded: [{ commit: second }] });
  });

  it('when the ref was deleted: what was seen stays, and the look is repeated', async () => {
    const before = await seen();
    repository.deleteBranch('main');
    await expect(look()).rejects.toMatchObject({ reason: 'RefMissing', consequence: { kind: 'retry' } });
    expect([await seen(), await world.marks()]).toEqual([before, []]);
  });

  it('when it was rewound, the rewound commit is seen, because that is what the ref says', async () => {
    const first = (await seen())!;
    repository.commit(manifest('a: 2'));
    await look();
    repository.rewind('main', first);
    await look();
    expect(await seen()).toBe(first);
  });
});

describe('a ref that fails', () => {
  it('leaves the others alone, and is raised at the end', async () => {
    const text = shopDocuments({ environments: ['dev', 'staging'] }).text.replace(
      'staging, track: {repository: shop, branch: main}',
      'staging, track: {repository: shop, branch: missing}',
    );
    const files = [{ file: 'shop.yaml', text }];
    await applyDocuments(world.documents, { project, files, by: systemActor('test'), dryRun: false });
    const commit = repository.commit(manifest('a: 1'));
    await expect(look()).rejects.toMatchObject({ reason: 'RefMissing' });
    expect(await seen()).toBe(commit);
  });

  it('for a reason that a commit can mend is looked at again after the interval', async () => {
    await openShop();
    repository.commit({ ...manifest('a: 1') });
    const refuse = async (): Promise<never> => {
      throw new Fault({ code: 'too-large', reason: 'GitTreeTooLarge', message: 'the tree is too large' });
    };
    host.pull = refuse;
    await expect(look()).rejects.toMatchObject({
      reason: 'GitTreeTooLarge',
      consequence: { kind: 'retry', afterMs: expect.any(Number) },
    });
  });
});
