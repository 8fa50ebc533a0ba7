import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Fault } from '@flotilla/foundation';
import type { GitRemote } from '../git-remote.ts';
import { gitObject, type GitObjectType } from '../objects/git-object.ts';
import type { ObjectStore } from '../objects/object-store.ts';
import type { FileChanges } from './in-memory-git-repository.ts';

/** A repository that can be changed, and a remote that reads it into an empty store of a few megabytes. */
export interface GitRemoteWorld {
  readonly remote: GitRemote;
  readonly store: ObjectStore;
  readonly commit: (changes: FileChanges, options?: { readonly branch?: string }) => Promise<string>;
  /** With a message, a tag object is made, whose id is given. */
  readonly tag: (name: string, options: { readonly commit: string; readonly message?: string }) => Promise<string>;
  readonly rewind: (branch: string, commit: string) => Promise<void>;
  readonly deleteBranch: (branch: string) => Promise<void>;
  /** Writes an object exactly as given and gives its id. */
  readonly write: (type: GitObjectType, content: Uint8Array) => Promise<string>;
}

/** One thing that every filling of the Git port does alike. */
export interface GitRemoteCase {
  readonly title: string;
  readonly run: (world: GitRemoteWorld) => Promise<void>;
}

/** What every filling of the port does, told on a fresh repository each time. Free of any test runner. */
export const gitRemoteCases: readonly GitRemoteCase[] = [
  {
    title: 'lists exactly the refs that are named, and says nothing of those that do not exist',
    run: async ({ remote, commit }) => {
      const main = await commit({ 'a.yaml': 'a' });
      const longer = await commit({ 'a.yaml': 'b' }, { branch: 'main-2' });
      deepEqual(await remote.listRefs({ names: ['refs/heads/main', 'refs/heads/gone'] }), [
        { name: 'refs/heads/main', commit: main },
      ]);
      deepEqual(await remote.listRefs({ names: ['refs/heads/main-2'] }), [
        { name: 'refs/heads/main-2', commit: longer },
      ]);
    },
  },
  {
    title: 'lists refs by prefix, with annotated tags peeled to their commit',
    run: async ({ remote, commit, tag }) => {
      const main = await commit({ 'a.yaml': 'a' });
      await tag('light', { commit: main });
      const annotated = await tag('v1', { commit: main, message: 'first release' });
      const refs = await remote.listRefs({ prefixes: ['refs/tags/'] });
      deepEqual(byName(refs), [
        { name: 'refs/tags/light', commit: main },
        { name: 'refs/tags/v1', commit: main, tag: annotated },
      ]);
    },
  },
  {
    title: 'says which branch is the default one',
    run: async ({ remote, commit }) => {
      const main = await commit({ 'a.yaml': 'a' });
      deepEqual(await remote.listRefs({ names: ['HEAD'] }), [
        { name: 'HEAD', commit: main, target: 'refs/heads/main' },
      ]);
    },
  },
  {
    title: 'sees a branch that was rewound, and no longer one that was deleted',
    run: async ({ remote, commit, rewind, deleteBranch }) => {
      const first = await commit({ 'a.yaml': 'a' });
      await commit({ 'a.yaml': 'b' });
      await commit({ 'a.yaml': 'c' }, { branch: 'feature' });
      await rewind('main', first);
      await deleteBranch('feature');
      deepEqual(await remote.listRefs({ prefixes: ['refs/heads/'] }), [{ name: 'refs/heads/main', commit: first }]);
    },
  },
  {
    title: 'brings the files of a path and the commit, and nothing that lies beside',
    run: async ({ remote, store, commit }) => {
      const id = await commit({ 'apps/a/one.yaml': '1', 'apps/a/deep/two.yaml': '2', 'apps/b/other.yaml': 'other' });
      const { commit: info, trees, requests } = await remote.pull({ commit: id, paths: ['apps/a'], files: true });
      deepEqual([info.id, info.parents, info.message.trim()], [id, [], 'change']);
      deepEqual(trees, new Map([['apps/a', 'e678a918c927069d2aa586bcc8804aa7650bbfa6']]));
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'deep/two.yaml': '2', 'one.yaml': '1' });
      equal(await store.has(blobOfOther), false);
      ok(requests > 0);
    },
  },
  {
    title: 'tells the ids of many paths without their files: directories, a file, the root, and what is absent',
    run: async ({ remote, commit }) => {
      const id = await commit({ 'apps/a/one.yaml': '1', 'apps/b/other.yaml': 'other', 'top.yaml': 'top' });
      const paths = ['apps/b', 'apps/b/other.yaml', 'apps/none', 'top.yaml/below', 'apps/a/'];
      const { trees } = await remote.pull({ commit: id, paths, files: false });
      deepEqual(
        trees,
        new Map([
          ['apps/b', '2209fc4211dfb1a1d388b9493fada60c0db510cc'],
          ['apps/b/other.yaml', blobOfOther],
          ['apps/none', undefined],
          ['top.yaml/below', undefined],
          ['apps/a/', 'f91d686e92744745ac66b59f1313161cdd3bea70'],
        ]),
      );
      const root = await remote.pull({ commit: id, paths: [''], files: false });
      equal(root.trees.get(''), root.commit.tree);
    },
  },
  {
    title: 'brings a single file when the path leads to one',
    run: async ({ remote, commit }) => {
      const id = await commit({ 'fleet.yaml': 'kind: Project', 'other.yaml': 'other' });
      const { trees } = await remote.pull({ commit: id, paths: ['fleet.yaml'], files: true });
      deepEqual(await textsOf(remote, trees.get('fleet.yaml')), { '': 'kind: Project' });
    },
  },
  {
    title: 'brings what changed since a commit that is held, and asks for nothing when all is held',
    run: async ({ remote, commit }) => {
      const first = await commit({ 'apps/a/one.yaml': '1', 'apps/a/two.yaml': '2', 'apps/b/other.yaml': 'other' });
      await remote.pull({ commit: first, paths: ['apps/a'], files: true });
      const second = await commit({ 'apps/a/one.yaml': 'uno', 'apps/b/new.yaml': 'new' });
      const { trees } = await remote.pull({ commit: second, paths: ['apps/a'], files: true, have: first });
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'one.yaml': 'uno', 'two.yaml': '2' });
      const again = await remote.pull({ commit: second, paths: ['apps/a'], files: true, have: first });
      deepEqual([again.requests, again.bytes], [0, { up: 0, down: 0 }]);
    },
  },
  {
    title: 'follows a path that appears, becomes a file and disappears',
    run: async ({ remote, commit }) => {
      const first = await commit({ 'apps/a/one.yaml': '1' });
      const second = await commit({ 'apps/b/two.yaml': '2' });
      const third = await commit({ 'apps/b/two.yaml': undefined, 'apps/b': 'a file now' });
      const fourth = await commit({ 'apps/b': undefined });
      const found: (string | undefined)[] = [];
      let have: string | undefined;
      for (const id of [first, second, third, fourth]) {
        const pulled = await remote.pull({ commit: id, paths: ['apps/b'], files: true, ...(have && { have }) });
        found.push(JSON.stringify(await textsOf(remote, pulled.trees.get('apps/b'))));
        have = id;
      }
      deepEqual(found, ['{}', '{"two.yaml":"2"}', '{"":"a file now"}', '{}']);
    },
  },
  {
    title: 'gives the files of a tree although the store has lost them meanwhile',
    run: async ({ remote, store, commit }) => {
      const id = await commit({ 'apps/a/one.yaml': '1', 'apps/a/deep/two.yaml': '2' });
      const { trees } = await remote.pull({ commit: id, paths: ['apps/a'], files: true });
      for (let count = 0; count < 100; count++) await store.put(gitObject('blob', Buffer.alloc(100_000, `${count}`)));
      equal(await store.has(trees.get('apps/a')!), false);
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'deep/two.yaml': '2', 'one.yaml': '1' });
    },
  },
  {
    title: 'goes back to an older commit than the one that is held',
    run: async ({ remote, commit }) => {
      const first = await commit({ 'apps/a/one.yaml': '1' });
      const second = await commit({ 'apps/a/one.yaml': '2' });
      await remote.pull({ commit: second, paths: ['apps/a'], files: true });
      const { trees } = await remote.pull({ commit: first, paths: ['apps/a'], files: true, have: second });
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'one.yaml': '1' });
    },
  },
  {
    title: 'follows a forced push away from the commit that is held',
    run: async ({ remote, commit, rewind }) => {
      const base = await commit({ 'apps/a/one.yaml': '1' });
      const abandoned = await commit({ 'apps/a/one.yaml': 'abandoned' });
      await remote.pull({ commit: abandoned, paths: ['apps/a'], files: true });
      await rewind('main', base);
      const forced = await commit({ 'apps/a/one.yaml': 'forced' });
      const { trees } = await remote.pull({ commit: forced, paths: ['apps/a'], files: true, have: abandoned });
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'one.yaml': 'forced' });
    },
  },
  {
    title: 'does without a commit to build on that the store no longer holds',
    run: async ({ remote, commit }) => {
      const first = await commit({ 'apps/a/one.yaml': '1' });
      const second = await commit({ 'apps/a/one.yaml': '2' });
      const { trees } = await remote.pull({ commit: second, paths: ['apps/a'], files: true, have: first });
      deepEqual(await textsOf(remote, trees.get('apps/a')), { 'one.yaml': '2' });
    },
  },
  {
    title: 'refuses a commit that the repository does not have, and ids that are no full commit id',
    run: async ({ remote, commit }) => {
      await commit({ 'a.yaml': 'a' });
      const pull = (id: string) => remote.pull({ commit: id, paths: [''], files: true });
      await rejects(pull('1'.repeat(40)), withReason('GitCommitNotFound'));
      await rejects(pull('1'.repeat(64)), withReason('GitObjectFormatUnsupported'));
      await rejects(pull('main'), withReason('GitCommitInvalid'));
      await rejects(pull('--upload-pack=true'), withReason('GitCommitInvalid'));
    },
  },
  {
    title: 'refuses a path that leads upwards',
    run: async ({ remote, commit }) => {
      const id = await commit({ 'a.yaml': 'a' });
      await rejects(remote.pull({ commit: id, paths: ['apps/../..'], files: true }), withReason('GitPathInvalid'));
    },
  },
  {
    title: 'names a link where files were asked for; where only ids were, it is absent and the others are told',
    run: async ({ remote, write, rewind }) => {
      const blob = await write('blob', Buffer.from('/etc/passwd'));
      const id = await commitOf(write, [
        ['120000', 'link', blob],
        ['100644', 'real.yaml', blob],
      ]);
      await rewind('main', id);
      await rejects(remote.pull({ commit: id, paths: ['link'], files: true }), withReason('GitSymlinkRefused', 'link'));
      await rejects(
        remote.pull({ commit: id, paths: ['link/in'], files: true }),
        withReason('GitSymlinkRefused', 'link'),
      );
      const { trees } = await remote.pull({ commit: id, paths: ['link', 'link/in', 'real.yaml'], files: false });
      deepEqual(
        trees,
        new Map([
          ['link', undefined],
          ['link/in', undefined],
          ['real.yaml', blob],
        ]),
      );
    },
  },
  {
    title: 'stops when it is cancelled',
    run: async ({ remote, commit }) => {
      const id = await commit({ 'a.yaml': 'a' });
      const signal = AbortSignal.abort();
      await rejects(remote.pull({ commit: id, paths: [''], files: true, signal }), withReason('GitCancelled'));
      await rejects(remote.listRefs({ signal }), withReason('GitCancelled'));
    },
  },
];

const blobOfOther = '27fa34919ae70aa0d7eaccdfbf393cfc440e7d25';

async function textsOf(remote: GitRemote, tree: string | undefined): Promise<Record<string, string>> {
  const files = tree === undefined ? [] : await remote.files(tree);
  return Object.fromEntries(files.map(({ path, content }) => [path, Buffer.from(content).toString('utf8')]));
}

/** A commit of one directory with raw entries, written object by object. */
async function commitOf(
  write: GitRemoteWorld['write'],
  entries: readonly (readonly [mode: string, name: string, oid: string])[],
): Promise<string> {
  const lines = entries.map(([mode, name, oid]) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
  );
  const tree = await write('tree', Buffer.concat(lines));
  const person = 'Fleet Demo <demo@flotilla.example> 1700000000 +0000';
  return write('commit', Buffer.from(`tree ${tree}\nauthor ${person}\ncommitter ${person}\n\nraw`));
}

function withReason(reason: string, subject?: string): (thrown: unknown) => boolean {
  return (thrown) => {
    const fault = thrown as Fault;
    equal(fault.reason, reason);
    if (subject !== undefined) equal(fault.subject, subject);
    return true;
  };
}

function byName<Named extends { readonly name: string }>(refs: readonly Named[]): Named[] {
  return refs.toSorted((left, right) => left.name.localeCompare(right.name));
}
