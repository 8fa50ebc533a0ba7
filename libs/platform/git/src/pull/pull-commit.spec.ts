import { VirtualClock } from '@flotilla/foundation/testing';
import { systemClock } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { gitFault } from '../git-faults.ts';
import { gitLimits, type GitLimits } from '../git-limits.ts';
import type { PullOptions } from '../git-remote.ts';
import { gitObject } from '../objects/git-object.ts';
import { InMemoryObjectStore } from '../objects/in-memory-object-store.ts';
import { KnownDirectories } from '../objects/known-directories.ts';
import { readFiles } from '../objects/read-files.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { InMemoryGitRepository } from '../testing/in-memory-git-repository.ts';
import { RepositorySource } from '../testing/repository-source.ts';
import type { FetchRequest, ObjectSource } from './object-source.ts';
import { pullCommit } from './pull-commit.ts';

describe('the first pull of a path', () => {
  it('walks one directory a request, and brings the path as a whole at the end', async () => {
    const { repository, pull, asked } = world();
    const commit = repository.commit({
      'apps/shop/prod/a.yaml': 'a',
      'apps/shop/prod/deep/b.yaml': 'b',
      'apps/x/c': 'c',
    });
    const oid = treeIds(repository, commit);
    await pull({ commit, paths: ['apps/shop/prod'], files: true });
    expect(asked()).toEqual([
      { wants: [commit], filter: 'tree:1', tipOnly: true },
      { wants: [oid('apps')], filter: 'tree:0' },
      { wants: [oid('apps/shop')], filter: 'tree:0' },
      { wants: [oid('apps/shop/prod')] },
    ]);
  });

  it('walks many paths level by level, together', async () => {
    const { repository, pull, asked } = world();
    const commit = repository.commit({ 'apps/a/x': '1', 'apps/b/x': '2', 'base/deep/x': '3', 'top/x': '4' });
    const oid = treeIds(repository, commit);
    const { trees } = await pull({ commit, paths: ['apps/a', 'apps/b', 'base/deep', 'top', 'none/here'], files: true });
    const requests: FetchRequest[] = [
      { wants: [commit], filter: 'tree:1', tipOnly: true },
      { wants: [oid('apps'), oid('base')], filter: 'tree:0' },
      { wants: [oid('top'), oid('apps/a'), oid('apps/b'), oid('base/deep')].toSorted(byText) },
    ];
    expect(asked()).toEqual(requests.map(sortedWants));
    expect([...trees.keys()].toSorted(byText)).toEqual(['apps/a', 'apps/b', 'base/deep', 'none/here', 'top']);
  });

  it('lists all directories at once when very many are needed', async () => {
    const { repository, pull, asked } = world();
    const names = Array.from({ length: 300 }, (_, index) => `apps/app-${index}/prod`);
    const commit = repository.commit(Object.fromEntries(names.map((name) => [`${name}/a.yaml`, name])));
    const { trees } = await pull({ commit, paths: names, files: false });
    expect(asked().map(({ wants, filter }) => [wants.length, filter])).toEqual([
      [1, 'tree:1'],
      [1, 'tree:0'],
      [1, 'blob:none'],
    ]);
    expect([...trees.values()].filter(Boolean).length).toBe(300);
  });

  it('asks for very many paths in portions', async () => {
    const { repository, pull, asked } = world();
    const names = Array.from({ length: 300 }, (_, index) => `app-${index}`);
    const commit = repository.commit(Object.fromEntries(names.map((name) => [`${name}/a.yaml`, name])));
    await pull({ commit, paths: names, files: true });
    expect(asked().map(({ wants, filter }) => [wants.length, filter])).toEqual([
      [1, 'tree:1'],
      [256, undefined],
      [44, undefined],
    ]);
  });

  it('takes one request from a host without filters, and keeps only what is needed', async () => {
    const { repository, store, pull, asked } = world({ hasFilters: false });
    const commit = repository.commit({ 'apps/a/x': '1', 'apps/b/x': 'beside' });
    await pull({ commit, paths: ['apps/a'], files: true });
    expect(asked()).toHaveLength(1);
    expect(await store.has(gitObject('blob', Buffer.from('beside')).oid)).toBe(false);
  });
});

describe('a change', () => {
  it('is asked for in one request that builds on what is held', async () => {
    const { repository, pull, asked } = world();
    const have = repository.commit({ 'apps/a/x': '1', 'apps/b/x': '2' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    asked();
    const commit = repository.commit({ 'apps/a/x': 'changed' });
    await pull({ commit, have, paths: ['apps/a'], files: true });
    expect(asked()).toEqual([{ wants: [commit], have, tipOnly: true }]);
    const next = repository.commit({ 'apps/a/x': 'again' });
    await pull({ commit: next, have: commit, paths: ['apps/a'], files: false });
    expect(asked()).toEqual([{ wants: [next], have: commit, tipOnly: true, filter: 'blob:none' }]);
  });

  it('backwards says that nothing older is held', async () => {
    const { repository, pull, asked } = world();
    const older = repository.commit({ 'apps/a/x': '1' });
    const have = repository.commit({ 'apps/a/x': '2' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    asked();
    await pull({ commit: older, have, paths: ['apps/a'], files: true });
    expect(asked()).toEqual([
      { wants: [older], have, tipOnly: true },
      { wants: [older], have, tipOnly: true, haveIsShallow: true },
    ]);
  });

  it('that is too large, whatever part of the repository makes it so, is dropped and the path is walked', async () => {
    const { repository, store, pull, asked } = world({ limits: { objectBytesMax: 10_000 } });
    const have = repository.commit({ 'apps/a/x': '1', 'media/film': 'small' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    const commit = repository.commit({ 'apps/a/x': '2', 'media/film': 'a'.repeat(20_000) });
    asked();
    const { trees } = await pull({ commit, have, paths: ['apps/a'], files: true });
    expect(asked().map(({ have: base, filter }) => base ?? filter ?? 'whole')).toEqual([
      have,
      'tree:1',
      'tree:0',
      'whole',
    ]);
    expect(
      (await readFiles(store, trees.get('apps/a')!)).map(({ content }) => String.fromCharCode(...content)),
    ).toEqual(['2']);
  });

  it('that was dropped does not count against the walk', async () => {
    const { repository, pull } = world({ limits: { pullBytesMax: 30_000 } });
    const have = repository.commit({ 'apps/a/x': '1' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    const commit = repository.commit({ 'apps/a/x': 'a'.repeat(20_000), 'media/film': 'b'.repeat(20_000) });
    const { trees } = await pull({ commit, have, paths: ['apps/a'], files: true });
    expect(trees.get('apps/a')).toBe(treeIds(repository, commit)('apps/a'));
  });

  it('with too many objects is dropped and the path is walked', async () => {
    const { repository, pull, asked } = world({ limits: { changeObjectsMax: 10 } });
    const have = repository.commit({ 'apps/a/x': '1' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    const others = Array.from({ length: 20 }, (_, index) => [`other/${index}`, `${index}`]);
    const commit = repository.commit({ 'apps/a/x': '2', ...Object.fromEntries(others) });
    asked();
    await pull({ commit, have, paths: ['apps/a'], files: true });
    expect(asked()).toHaveLength(4);
  });

  it('fails when what is too large is what was asked for', async () => {
    const { repository, pull } = world({ limits: { objectBytesMax: 10_000 } });
    const have = repository.commit({ 'apps/a/x': '1' });
    await pull({ commit: have, paths: ['apps/a'], files: true });
    const commit = repository.commit({ 'apps/a/x': 'a'.repeat(20_000) });
    expect((await faultOf(pull({ commit, have, paths: ['apps/a'], files: true }))).reason).toBe('GitObjectTooLarge');
  });

  it('asks for exactly what the store has lost meanwhile', async () => {
    const { repository, store, pull, asked } = world();
    const commit = repository.commit({ 'apps/a/x': 'lost', 'apps/a/y': 'kept' });
    await pull({ commit, paths: ['apps/a'], files: true });
    asked();
    const lost = gitObject('blob', Buffer.from('lost')).oid;
    store.lose(lost);
    await pull({ commit, paths: ['apps/a'], files: true });
    expect(asked()).toEqual([{ wants: [lost] }]);
  });

  it('does not need a store that keeps anything', async () => {
    const { repository, pull } = world({ storeBytesMax: 0 });
    const commit = repository.commit({ 'apps/a/x': '1' });
    const { trees } = await pull({ commit, paths: ['apps/a'], files: true });
    expect(trees.get('apps/a')).toBe(treeIds(repository, commit)('apps/a'));
  });
});

describe('AT-21 a host that does not send what was asked for', () => {
  it.each<[string, ObjectSource['fetch']]>([
    ['nothing', async () => []],
    ['another object', async () => [gitObject('commit', Buffer.from('evil'))]],
    ['the same again', async () => [gitObject('blob', Buffer.from('evil'))]],
  ])('%s', async (_what, fetch) => {
    let requests = 0;
    const store = new InMemoryObjectStore({ bytesMax: 1_000 });
    const source: ObjectSource = {
      fetch: (request, context) => {
        requests++;
        return fetch(request, context);
      },
    };
    const ports = { source, store, limits: gitLimits, clock: systemClock, directories: new KnownDirectories() };
    const pulling = pullCommit(ports, { commit: '1'.repeat(40), paths: ['a'], files: true });
    expect(await faultOf(pulling)).toEqual({ reason: 'GitObjectMissing', subject: '1'.repeat(40), follows: 'retry' });
    expect(requests).toBe(1);
  });

  it('a part of it, for ever', async () => {
    const { repository, pull, asked } = world();
    const commit = repository.commit({ 'apps/a/x': '1' });
    repository.drop(treeIds(repository, commit)('apps/a'));
    expect((await faultOf(pull({ commit, paths: ['apps/a'], files: true }))).reason).toBe('GitCommitNotFound');
    expect(asked()).toHaveLength(3);
  });

  it('in time', async () => {
    const clock = new VirtualClock();
    const source: ObjectSource = {
      fetch: (_request, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(gitFault('GitCancelled', { message: 'cancelled' })));
        }),
    };
    const store = new InMemoryObjectStore({ bytesMax: 1_000 });
    const pulling = pullCommit(
      { source, store, limits: gitLimits, clock, directories: new KnownDirectories() },
      { commit: '1'.repeat(40), paths: [], files: true },
    );
    const failed = faultOf(pulling);
    await clock.advance(gitLimits.wallMs);
    expect((await failed).reason).toBe('GitTimeout');
  });
});

interface WorldOptions {
  readonly limits?: Partial<GitLimits>;
  readonly hasFilters?: boolean;
  readonly storeBytesMax?: number;
}

function world({ limits = {}, hasFilters = true, storeBytesMax = 1_000_000 }: WorldOptions = {}) {
  const repository = new InMemoryGitRepository();
  const inner = new RepositorySource(repository, { hasFilters });
  const requests: FetchRequest[] = [];
  const source: ObjectSource = {
    fetch: (request, context) => {
      requests.push(request);
      return inner.fetch(request, context);
    },
  };
  const store = new ForgetfulStore({ bytesMax: storeBytesMax });
  const ports = {
    source,
    store,
    limits: { ...gitLimits, ...limits },
    clock: systemClock,
    directories: new KnownDirectories(),
  };
  const asked = () => requests.splice(0).map(sortedWants);
  return { repository, store, asked, pull: (options: PullOptions) => pullCommit(ports, options) };
}

class ForgetfulStore extends InMemoryObjectStore {
  readonly #lost = new Set<string>();

  lose(oid: string): void {
    this.#lost.add(oid);
  }

  override async get(oid: string) {
    return this.#lost.has(oid) ? undefined : super.get(oid);
  }

  override async has(oid: string) {
    return !this.#lost.has(oid) && super.has(oid);
  }
}

/** The ids of directories at a commit, read without anything that is tested here. */
function treeIds(repository: InMemoryGitRepository, commit: string): (path: string) => string {
  return (path) => {
    let oid = Buffer.from(repository.object(commit)?.content ?? [])
      .toString()
      .slice('tree '.length, 45);
    for (const name of path.split('/')) {
      const content = Buffer.from(repository.object(oid)?.content ?? []).toString('latin1');
      const at = content.indexOf(` ${name}\0`) + name.length + 2;
      oid = Buffer.from(content.slice(at, at + 20), 'latin1').toString('hex');
    }
    return oid;
  };
}

function sortedWants(request: FetchRequest): FetchRequest {
  return { ...request, wants: request.wants.toSorted(byText) };
}

function byText(left: string, right: string): number {
  return left < right ? -1 : 1;
}
