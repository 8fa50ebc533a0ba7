import type { Fault } from '@flotilla/foundation';
import { describe, expect, it } from 'vitest';
import { gitLimits } from '../git-limits.ts';
import { hostileTrees } from '../testing/hostile-trees.ts';
import { InMemoryGitRemote } from '../testing/in-memory-git-remote.ts';
import { InMemoryGitRepository } from '../testing/in-memory-git-repository.ts';
import { faultOf } from '../testing/fault-reason.ts';
import { InMemoryObjectStore } from './in-memory-object-store.ts';
import type { ObjectStore } from './object-store.ts';
import { readFiles } from './read-files.ts';
import { readTree, treeAt } from './tree-at.ts';

describe('AT-12 hostile trees', () => {
  it('are at least sixty', () => {
    expect(new Set(hostileTrees.map(({ title }) => title)).size).toBeGreaterThanOrEqual(60);
  });

  it.each(hostileTrees.map((one) => [one.title, one] as const))('%s', async (_title, { write, outcome }) => {
    const world = hostileWorld(write);
    expect(await world.read('env')).toEqual(outcome);
    expect(world.touched.has(world.canary)).toBe(false);
  });

  it.each(hostileTrees.map((one) => [one.title, one] as const))(
    'leaves its neighbour alone: %s',
    async (_title, one) => {
      const world = hostileWorld(one.write);
      expect(await world.read('other')).toEqual({ files: ['canary.yaml'] });
      expect(world.touched.has(world.canary)).toBe(true);
    },
  );

  it('a directory that its parent lists twice is no way to anywhere, and its neighbours are', async () => {
    const repository = new InMemoryGitRepository();
    const oid = repository.writeTree([{ mode: '100644', name: 'a.yaml', oid: repository.write('blob', 'a') }]);
    const lines = ['env', 'env', 'other'].map((name) => ({ mode: '40000', name, oid }));
    const commit = repository.commitTree(repository.writeTree(lines));
    const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
    const remote = new InMemoryGitRemote({ repository, store });
    const pulling = remote.pull({ commit, paths: ['env'], files: true });
    expect(await faultOf(pulling)).toEqual({ reason: 'GitNameAmbiguous', subject: 'env', follows: 'stall' });
    const { trees } = await remote.pull({ commit, paths: ['env', 'env/a.yaml', 'other'], files: false });
    expect([...trees]).toEqual([
      ['env', undefined],
      ['env/a.yaml', undefined],
      ['other', oid],
    ]);
  });

  it('a link that becomes a directory in the next commit is a directory from then on, and back', async () => {
    const repository = new InMemoryGitRepository();
    const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
    const remote = new InMemoryGitRemote({ repository, store });
    const link = repository.write('blob', '../other');
    const linked = repository.commitTree(repository.writeTree([{ mode: '120000', name: 'env', oid: link }]));
    repository.rewind('main', linked);
    const plain = repository.commit({ 'env/a.yaml': 'a' });
    const files = async (commit: string, have?: string) => {
      const { trees } = await remote.pull({ commit, paths: ['env'], files: true, ...(have && { have }) });
      return (await remote.files(trees.get('env')!)).map(({ path }) => path);
    };
    expect((await faultOf(files(linked))).reason).toBe('GitSymlinkRefused');
    expect(await files(plain, linked)).toEqual(['a.yaml']);
    expect((await faultOf(files(linked, plain))).reason).toBe('GitSymlinkRefused');
    expect((await faultOf(treeAt(store, linked, 'env/a.yaml'))).reason).toBe('GitSymlinkRefused');
    expect(await treeAt(store, plain, 'env/a.yaml')).toMatchObject({ kind: 'file', name: 'a.yaml' });
    expect((await readTree(store, (await treeAt(store, plain, 'env'))!.oid)).map(({ name }) => name)).toEqual([
      'a.yaml',
    ]);
  });

  it('a directory as deep as allowed is read', async () => {
    const repository = new InMemoryGitRepository();
    const deepest = Array.from({ length: gitLimits.treeDepthMax - 2 }, () => 'd').join('/');
    const commit = repository.commit({ [`env/${deepest}/a.yaml`]: 'a' });
    const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
    const { trees } = await new InMemoryGitRemote({ repository, store }).pull({ commit, paths: ['env'], files: true });
    expect((await readFiles(store, trees.get('env')!)).map(({ path }) => path)).toEqual([`${deepest}/a.yaml`]);
  });
});

/** A repository with a hostile directory `env` and a good one beside it, and a note of every object that is touched. */
function hostileWorld(write: (repository: InMemoryGitRepository) => string) {
  const repository = new InMemoryGitRepository();
  const canary = repository.write('blob', 'kind: Secret\n');
  const other = repository.writeTree([{ mode: '100644', name: 'canary.yaml', oid: canary }]);
  const root = repository.writeTree([
    { mode: '40000', name: 'env', oid: write(repository) },
    { mode: '40000', name: 'other', oid: other },
  ]);
  const commit = repository.commitTree(root);
  const { store, touched } = watchedStore();
  const remote = new InMemoryGitRemote({ repository, store });
  const read = async (path: string) => {
    try {
      const { trees } = await remote.pull({ commit, paths: [path], files: true });
      return { files: (await remote.files(trees.get(path)!)).map((file) => file.path) };
    } catch (error) {
      const { reason, subject } = error as Fault;
      return { reason, ...(subject !== undefined && { subject }) };
    }
  };
  return { read, canary, touched };
}

function watchedStore(): { store: ObjectStore; touched: ReadonlySet<string> } {
  const inner = new InMemoryObjectStore({ bytesMax: 100_000_000 });
  const touched = new Set<string>();
  const store: ObjectStore = {
    get: (oid) => inner.get(touched.add(oid) && oid),
    has: (oid) => inner.has(touched.add(oid) && oid),
    put: (object) => inner.put(touched.add(object.oid) && object),
  };
  return { store, touched };
}
