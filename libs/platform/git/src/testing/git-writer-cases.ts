import { deepEqual, equal, notEqual, rejects } from 'node:assert/strict';
import type { Fault } from '@flotilla/foundation';
import type { FileChange, GitWriter, NewCommit } from '../git-writer.ts';
import type { FileChanges } from './in-memory-git-repository.ts';

/** A repository that others change as well, and a remote that writes to it. */
export interface GitWriterWorld {
  readonly writer: GitWriter;
  readonly commit: (changes: FileChanges, options?: { readonly branch?: string }) => Promise<string>;
  /** Has the host refuse pushes to a branch with these words. */
  readonly protect: (branch: string, why: string) => Promise<void>;
  readonly write: (type: 'blob' | 'tree' | 'commit', content: Uint8Array) => Promise<string>;
  readonly rewind: (branch: string, commit: string) => Promise<void>;
}

/** One thing that every remote that can be written to does alike. */
export interface GitWriterCase {
  readonly title: string;
  readonly run: (world: GitWriterWorld) => Promise<void>;
}

const main = 'refs/heads/main';

/** What every filling of the port does, told on a fresh repository each time. Free of any test runner. */
export const gitWriterCases: readonly GitWriterCase[] = [
  {
    title: 'writes files, takes one away, puts back what another commit has, and leaves the rest as it is',
    run: async ({ writer, commit }) => {
      const first = await commit({ 'a/one.yaml': '1', 'a/two.yaml': '2', 'b/x.yaml': 'x', 'top.yaml': 'top' });
      const head = await commit({ 'a/one.yaml': 'uno' });
      const old = (await writer.list({ commit: first, paths: ['a'] })).get('a/one.yaml');
      const made = await commitOn(writer, head, {
        'a/one.yaml': old,
        'a/two.yaml': undefined,
        'c/d/new.yaml': text('n'),
      });
      deepEqual(await writer.push({ ref: main, before: head, commit: made }), { kind: 'done' });
      deepEqual(await textsAt(writer, made.id), {
        'a/one.yaml': '1',
        'b/x.yaml': 'x',
        'c/d/new.yaml': 'n',
        'top.yaml': 'top',
      });
    },
  },
  {
    title: 'says who and why, and is the commit of the branch afterwards',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      const made = await commitOn(writer, head, { 'a.yaml': text('b') });
      await writer.push({ ref: main, before: head, commit: made });
      deepEqual(await headOf(writer), made.id);
      const { commit: info } = await writer.pull({ commit: made.id, paths: [], files: false });
      deepEqual(
        [info.parents, info.author, info.committer, info.message],
        [[head], ann, flotilla, 'why\n\nTrailer: x\n'],
      );
    },
  },
  {
    title: 'sends only what is new',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a/one.yaml': '1', 'a/deep/two.yaml': '2', 'b/x.yaml': 'x' });
      const { objects } = await commitOn(writer, head, { 'a/deep/two.yaml': text('two') });
      deepEqual(objects.map(({ type }) => type).toSorted(), ['blob', 'commit', 'tree', 'tree', 'tree']);
    },
  },
  {
    title: 'writes directories as git itself does, names in its own order',
    run: async ({ writer, commit }) => {
      const files = { 'a/x': '1', 'a.yaml': '2', 'a-b': '3', a0: '4', 'größe/x': '5' };
      const head = await commit({ 'a/y': '0', z: '0' });
      const changes = Object.entries(files).map(([path, content]) => [path, text(content)] as const);
      const { objects } = await commitOn(writer, head, Object.fromEntries(changes));
      const theirs = await writer.pull({ commit: await commit(files), paths: [], files: false });
      equal(Buffer.from(objects[0]!.content).toString('utf8').slice('tree '.length, 45), theirs.commit.tree);
    },
  },
  {
    title: 'makes the same commit of the same options, and none that would change nothing',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      const [one, two] = [
        await commitOn(writer, head, { b: text('b') }),
        await commitOn(writer, head, { b: text('b') }),
      ];
      equal(one.id, two.id);
      const same = { head, changes: new Map([['a.yaml', text('a')]]), message: 'm', author: ann, committer: flotilla };
      equal(await writer.commitFiles(same), undefined);
    },
  },
  {
    title: 'lists everything below paths: files, links, a path that is a file, and nothing where nothing is',
    run: async ({ writer, write, rewind }) => {
      const blob = await write('blob', Buffer.from('target'));
      const inner = await write('tree', line('120000', 'link', blob));
      const root = await write('tree', Buffer.concat([line('40000', 'dir', inner), line('100755', 'run', blob)]));
      const stamp = 'Fleet Demo <demo@flotilla.example> 1700000000 +0000';
      const id = await write('commit', Buffer.from(`tree ${root}\nauthor ${stamp}\ncommitter ${stamp}\n\nraw`));
      await rewind('main', id);
      deepEqual(
        await writer.list({ commit: id, paths: ['dir', 'run', 'none', 'run/below'] }),
        new Map([
          ['dir/link', { mode: '120000', oid: blob }],
          ['run', { mode: '100755', oid: blob }],
        ]),
      );
    },
  },
  {
    title: 'AT-12 leaves what stands beside a change byte for byte, also what it would not read',
    run: async ({ writer, write, rewind }) => {
      const blob = await write('blob', Buffer.from('x'));
      const odd = Buffer.concat([Buffer.from('100644 odd-'), Buffer.from([0xff, 0x00]), Buffer.from(blob, 'hex')]);
      const root = await write('tree', Buffer.concat([line('120000', 'link', blob), odd]));
      const stamp = 'Fleet Demo <demo@flotilla.example> 1700000000 +0000';
      const id = await write('commit', Buffer.from(`tree ${root}\nauthor ${stamp}\ncommitter ${stamp}\n\nraw`));
      await rewind('main', id);
      const { objects } = await commitOn(writer, id, { 'new.yaml': text('n') });
      const tree = objects.find(({ type }) => type === 'tree')!.content;
      equal(Buffer.from(tree).includes(odd), true);
      equal(Buffer.from(tree).includes(line('120000', 'link', blob)), true);
    },
  },
  {
    title: 'turns a file into a directory, and a directory into a file',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a/one.yaml': '1', b: 'file' });
      const made = await commitOn(writer, head, {
        'a/one.yaml': undefined,
        a: text('file now'),
        b: undefined,
        'b/two.yaml': text('2'),
      });
      await writer.push({ ref: main, before: head, commit: made });
      deepEqual(await textsAt(writer, made.id), { a: 'file now', 'b/two.yaml': '2' });
    },
  },
  {
    title: 'takes away nothing that it was not told to: what stands in the way is named',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a/one.yaml': '1', b: 'file' });
      const taken = async (path: string, place: string) =>
        rejects(commitOn(writer, head, { [path]: text('new') }), (fault: Fault) => {
          deepEqual([fault.reason, fault.subject], ['GitPathTaken', place]);
          return true;
        });
      await taken('a', 'a');
      await taken('b/c/two.yaml', 'b');
      equal(await writer.commitFiles({ head, changes: new Map([['b/c.yaml', undefined]]), ...why }), undefined);
    },
  },
  {
    title: 'AT-12 writes no new file under a name that it would not read',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      for (const path of ['.git/hooks/x', 'a/.GIT/x', 'git~1/x', 'a/b\u202e.yaml', 'a\n/x', 'con. /x'])
        await rejects(commitOn(writer, head, { [path]: text('new') }), { reason: 'GitNameRefused' });
    },
  },
  {
    title: 'does not overwrite what somebody else has pushed meanwhile',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      const made = await commitOn(writer, head, { 'a.yaml': text('b') });
      const faster = await commit({ 'c.yaml': 'c' });
      deepEqual(await writer.push({ ref: main, before: head, commit: made }), { kind: 'moved', commit: faster });
      equal(await headOf(writer), faster);
    },
  },
  {
    title: 'makes a branch that must not be there yet',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      const made = await commitOn(writer, head, { 'a.yaml': text('b') });
      const push = () => writer.push({ ref: 'refs/heads/repair', before: undefined, commit: made });
      deepEqual([await push(), await push()], [{ kind: 'done' }, { kind: 'done' }]);
      const other = await commitOn(writer, head, { 'a.yaml': text('other') });
      deepEqual(await writer.push({ ref: 'refs/heads/repair', before: undefined, commit: other }), {
        kind: 'moved',
        commit: made.id,
      });
    },
  },
  {
    title: 'tells what a protected branch says, and changed nothing',
    run: async ({ writer, commit, protect }) => {
      const head = await commit({ 'a.yaml': 'a' });
      await protect('main', 'this branch is protected');
      const made = await commitOn(writer, head, { 'a.yaml': text('b') });
      const outcome = await writer.push({ ref: main, before: head, commit: made });
      equal(outcome.kind, 'refused');
      equal(outcome.kind === 'refused' && outcome.why.includes('this branch is protected'), true);
      equal(await headOf(writer), head);
    },
  },
  {
    title: 'does not push what it was told to leave',
    run: async ({ writer, commit }) => {
      const head = await commit({ 'a.yaml': 'a' });
      const made = await commitOn(writer, head, { 'a.yaml': text('b') });
      notEqual(made.id, head);
      const pushing = writer.push({ ref: main, before: head, commit: made, signal: AbortSignal.abort() });
      await rejects(pushing, (thrown) => (thrown as Fault).reason === 'GitCancelled');
      equal(await headOf(writer), head);
    },
  },
];

const ann = { name: 'Ann', email: 'ann@example.org', at: 1_700_000_000_000 };
const flotilla = { name: 'Flotilla', email: 'flotilla@flotilla.invalid', at: 1_700_000_000_000 };
const why = { message: 'why\n\nTrailer: x', author: ann, committer: flotilla };

function text(content: string): { content: Uint8Array } {
  return { content: Buffer.from(content) };
}

function line(mode: string, name: string, oid: string): Buffer {
  return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]);
}

async function commitOn(
  writer: GitWriter,
  head: string,
  files: Readonly<Record<string, FileChange>>,
): Promise<NewCommit> {
  return (await writer.commitFiles({ head, changes: new Map(Object.entries(files)), ...why }))!;
}

async function headOf(writer: GitWriter): Promise<string | undefined> {
  return (await writer.listRefs({ names: [main] }))[0]?.commit;
}

async function textsAt(writer: GitWriter, commit: string): Promise<Record<string, string>> {
  const { trees } = await writer.pull({ commit, paths: [''], files: true });
  const files = await writer.files(trees.get('')!);
  return Object.fromEntries(files.map(({ path, content }) => [path, Buffer.from(content).toString('utf8')]));
}
