import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Redacted, systemClock, type Fault } from '@flotilla/foundation';
import {
  CliGitRemote,
  GitDirObjectStore,
  GitDispatcher,
  gitObject,
  InMemoryObjectStore,
  SmartHttpGitRemote,
  type GitCredentials,
  type GitRemote,
  type ObjectStore,
} from '@flotilla/platform-git';
import { gitRemoteCases, type GitRemoteWorld } from '@flotilla/platform-git/testing';
import {
  fleetChange,
  fleetFiles,
  fleetPath,
  startGitHost,
  type GitHost,
  type HostFault,
  type MovedRef,
} from '@flotilla/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let scratch: string;
let host: GitHost;
let dispatcher: GitDispatcher;
let repositories = 0;
const pushes: { repository: string; refs: readonly MovedRef[] }[] = [];

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flotilla-git-'));
  host = await startGitHost({
    root: join(scratch, 'host'),
    onPush: (repository, refs) => void pushes.push({ repository, refs }),
  });
  dispatcher = new GitDispatcher();
});

afterAll(async () => {
  await dispatcher.close();
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});

interface RemoteOptions {
  readonly url: string;
  readonly store: ObjectStore;
  readonly credentials?: GitCredentials;
  readonly wallMs?: number;
}

const fillings: readonly (readonly [string, (options: RemoteOptions) => GitRemote])[] = [
  ['over HTTP', httpRemote],
  ['with the git command', cliRemote],
];

describe.each(fillings)('a remote %s', (_how, open) => {
  it.each(gitRemoteCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await hostWorld(open))).resolves.toBeUndefined();
  });

  it('reads a repository from a host that has no filters', async () => {
    const { repository, commit, remote } = await repositoryOf(open, { 'apps/a/x.yaml': '1', 'apps/b/x.yaml': '2' });
    await git(host.directory(repository), ['config', 'uploadpack.allowFilter', 'false']);
    const first = await remote.pull({ commit, paths: ['apps/a'], files: true });
    expect(await pathsOf(remote, first.trees.get('apps/a'))).toEqual(['x.yaml']);
    const next = await host.commit(repository, { 'apps/a/y.yaml': '3' });
    const second = await remote.pull({ commit: next, have: commit, paths: ['apps/a'], files: true });
    expect(await pathsOf(remote, second.trees.get('apps/a'))).toEqual(['x.yaml', 'y.yaml']);
  });

  it('reads one application of many that share a commit, side by side', async () => {
    const applications = 60;
    const { commit, remote } = await repositoryOf(open, fleetFiles({ applications, filesEach: 2 }));
    const all = Array.from({ length: applications }, (_, index) => fleetPath(index));
    const counts = await Promise.all(
      all.map(async (path) => {
        const { trees } = await remote.pull({ commit, paths: [path], files: true });
        return (await pathsOf(remote, trees.get(path))).length;
      }),
    );
    expect(counts).toEqual(all.map(() => 2));
  });

  it('reads hundreds of applications at once', async () => {
    const applications = 300;
    const { commit, remote } = await repositoryOf(open, fleetFiles({ applications, filesEach: 1 }));
    const paths = Array.from({ length: applications }, (_, index) => fleetPath(index));
    const { trees } = await remote.pull({ commit, paths, files: true });
    const read = await Promise.all(paths.map((path) => pathsOf(remote, trees.get(path))));
    expect(read).toEqual(paths.map(() => ['file-0.yaml']));
  });

  it.each<[string, GitCredentials, Parameters<GitHost['setCredential']>[1]]>([
    [
      'basic',
      { kind: 'basic', username: 'fleet', password: new Redacted('hunter2') },
      { username: 'fleet', password: 'hunter2' },
    ],
    ['bearer', { kind: 'bearer', token: new Redacted('hunter2') }, { token: 'hunter2' }],
  ])(
    'AT-16 shows a %s credential to its host, and a wrong one stalls without being told',
    async (_kind, good, required) => {
      const { repository, commit } = await repositoryOf(open, { 'a.yaml': 'a' });
      host.setCredential(repository, required);
      const url = host.url(repository);
      const wrong: GitCredentials = { kind: 'bearer', token: new Redacted('wrong-canary') };
      for (const credentials of [undefined, wrong]) {
        const remote = open({ url, store: newStore(), ...(credentials && { credentials }) });
        const failures = [remote.listRefs({}), remote.pull({ commit, paths: [''], files: true })].map(failureOf);
        for (const failure of await Promise.all(failures)) {
          expect(failure).toMatchObject({
            code: 'unauthenticated',
            reason: 'GitCredentialsRefused',
            consequence: { kind: 'stall' },
          });
          expect(`${failure.message} ${String(failure.cause)}`).not.toContain('canary');
        }
      }
      const remote = open({ url, store: newStore(), credentials: good });
      expect(await remote.listRefs({ names: ['refs/heads/main'] })).toEqual([{ name: 'refs/heads/main', commit }]);
      expect((await remote.pull({ commit, paths: [''], files: true })).commit.id).toBe(commit);
    },
  );

  it.each([301, 302, 307, 308])('AT-16 takes no credential to another origin: %d', async (status) => {
    const stranger = await startStranger();
    const { repository, commit } = await repositoryOf(open, { 'a.yaml': 'a' });
    const credentials: GitCredentials = { kind: 'basic', username: 'fleet', password: new Redacted('hunter2') };
    const remote = open({ url: host.url(repository), store: newStore(), credentials });
    const location = `${stranger.origin}/${repository}.git/info/refs?service=git-upload-pack`;
    host.fail(repository, { kind: 'redirect', status, location }, 3);
    expect((await failureOf(remote.pull({ commit, paths: [''], files: true }))).reason).toBe('GitRedirectRefused');
    host.faults.clear();
    expect(stranger.requests).toEqual([]);
    await stranger.close();
  });

  it.each<[string, HostFault, object]>([
    ['404', { kind: 'status', status: 404 }, { reason: 'GitRepositoryNotFound', consequence: { kind: 'stall' } }],
    ['429', { kind: 'status', status: 429 }, { reason: 'GitHostBusy', consequence: { kind: 'retry' } }],
    ['500', { kind: 'status', status: 500 }, { reason: 'GitHostFailed', consequence: { kind: 'retry' } }],
    ['a page', { kind: 'html' }, { reason: 'GitAnswerNotGit', code: 'invalid' }],
    ['a connection that ends', { kind: 'drop' }, { code: 'unavailable', consequence: { kind: 'retry' } }],
    [
      'silence',
      { kind: 'delay', ms: 3_000 },
      { reason: 'GitTimeout', code: 'timeout', consequence: { kind: 'retry' } },
    ],
  ])('survives %s', async (_what, fault, expected) => {
    const { repository, commit } = await repositoryOf(open, { 'a.yaml': 'a' });
    const store = newStore();
    const url = host.url(repository);
    host.fail(repository, fault, Infinity);
    const wallMs = fault.kind === 'delay' ? 300 : 20_000;
    expect(await failureOf(open({ url, store, wallMs }).listRefs({}))).toMatchObject(expected);
    host.faults.clear();
    expect((await open({ url, store }).pull({ commit, paths: [''], files: true })).commit.id).toBe(commit);
  });

  it('AT-21 notices an answer that is cut short, and is whole at the next try', async () => {
    const { repository, commit, remote } = await repositoryOf(open, { 'a.yaml': 'a'.repeat(5_000), 'b.yaml': 'b' });
    await remote.listRefs({});
    host.fail(repository, { kind: 'truncate', bytes: 60 }, Infinity);
    const failure = await failureOf(remote.pull({ commit, paths: [''], files: true }));
    expect([failure.code, failure.consequence.kind]).toEqual(['unavailable', 'retry']);
    host.faults.clear();
    const { trees } = await remote.pull({ commit, paths: [''], files: true });
    expect(await pathsOf(remote, trees.get(''))).toEqual(['a.yaml', 'b.yaml']);
  });

  it('AT-21 does not read a file that is too large, and the path beside it all the same', async () => {
    const { repository, remote } = await repositoryOf(open, { 'apps/a/x.yaml': '1' });
    const commit = await host.commit(repository, { 'apps/bomb/zeros': Buffer.alloc(40 * 1024 * 1024) });
    const bomb = await failureOf(remote.pull({ commit, paths: ['apps/bomb'], files: true }));
    expect([bomb.code, bomb.reason]).toEqual(['too-large', 'GitObjectTooLarge']);
    const { trees } = await remote.pull({ commit, paths: ['apps/a'], files: true });
    expect(await pathsOf(remote, trees.get('apps/a'))).toEqual(['x.yaml']);
  });

  it('refuses a repository with SHA-256 ids', async () => {
    const repository = nextName();
    await git(scratch, ['init', '--quiet', '--bare', '--object-format=sha256', host.directory(repository)]);
    const remote = open({ url: host.url(repository), store: newStore() });
    const failure = await failureOf(remote.pull({ commit: '1'.repeat(40), paths: [''], files: true }));
    expect(failure.consequence.kind).toBe('stall');
  });
});

describe('a change in a repository of any size', () => {
  it.each([100, 1_000, 10_000])('of %d applications costs one request of the same few bytes', async (applications) => {
    const repository = nextName();
    const first = await host.createRepository(repository, fleetFiles({ applications, filesEach: 4 }));
    const own = new GitDispatcher();
    const remote = httpRemote({ url: host.url(repository), store: newStore() }, own);
    const path = fleetPath(42);
    const cold = await remote.pull({ commit: first, paths: [path], files: true });
    expect(cold.requests).toBe(4);
    expect(cold.bytes.down).toBeLessThan(4_000 + applications * 26);
    let have = first;
    for (const value of ['one', 'two', 'three']) {
      const commit = await host.commit(repository, fleetChange(42, value));
      const before = own.traffic();
      const { requests, trees } = await remote.pull({ commit, have, paths: [path], files: true });
      const after = own.traffic();
      expect(requests).toBe(1);
      expect(after.up + after.down - before.up - before.down).toBeLessThan(1_500);
      const files = await remote.files(trees.get(path)!);
      expect(Buffer.from(files[1]?.content ?? []).toString()).toContain(`value: "${value}"`);
      have = commit;
    }
    await own.close();
  });

  it('is pulled by every neighbour of the same commit without asking again', async () => {
    const { repository, commit, remote } = await repositoryOf(
      httpRemote,
      fleetFiles({ applications: 20, filesEach: 2 }),
    );
    const paths = Array.from({ length: 20 }, (_, index) => fleetPath(index));
    await remote.pull({ commit, paths, files: true });
    const everything = Object.assign({}, ...paths.map((_, index) => fleetChange(index, 'all'))) as Record<
      string,
      string
    >;
    const next = await host.commit(repository, everything);
    const counts: number[] = [];
    for (const path of paths) {
      counts.push((await remote.pull({ commit: next, have: commit, paths: [path], files: true })).requests);
    }
    expect(counts).toEqual([1, ...paths.slice(1).map(() => 0)]);
  });
});

describe('what the host sends is what git itself reads', () => {
  it('object by object, after a life of changes with large and small files', async () => {
    const repository = nextName();
    const store = await GitDirObjectStore.open({
      directory: join(scratch, 'store'),
      bytesMax: 1e8,
      objectBytesMax: 1e7,
    });
    let have = await host.createRepository(repository, { 'env/large.yaml': large(1), 'env/small.yaml': 'a: 1\n' });
    const remote = httpRemote({ url: host.url(repository), store });
    await remote.pull({ commit: have, paths: ['env'], files: true });
    for (let round = 1; round <= 10; round++) {
      const changed = large(1).replace(`line ${round * 100}\n`, `changed ${round}\n`);
      const commit = await host.commit(repository, {
        'env/large.yaml': changed,
        [`env/deep/${round % 3}/new.yaml`]: `round: ${round}\n`,
        [`beside/${round}.yaml`]: large(round),
      });
      if (round % 4 === 0) await git(host.directory(repository), ['repack', '-adq']);
      const { trees } = await remote.pull({ commit, have, paths: ['env'], files: true });
      const ours = (await remote.files(trees.get('env')!)).map(({ path, mode, oid }) => `${mode} blob ${oid}\t${path}`);
      const theirs = await git(host.directory(repository), ['ls-tree', '-r', `${commit}:env`]);
      expect(ours).toEqual(theirs.split('\n'));
      have = commit;
    }
    const oids = await git(join(scratch, 'store'), ['rev-list', '--objects', '--no-object-names', `${have}:env`]);
    expect(oids.split('\n').length).toBeGreaterThan(4);
    await git(join(scratch, 'store'), ['cat-file', '-e', have]);
  });

  it('gives the exact bytes that an SSH signature covers', async () => {
    const { repository } = await repositoryOf(httpRemote, { 'a.yaml': 'a' });
    const key = join(scratch, 'key');
    await runProgram('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
    const clone = join(scratch, 'signed');
    await git(scratch, ['clone', '--quiet', host.url(repository), clone]);
    const settings = {
      'user.name': 'Fleet',
      'user.email': 'f@example.org',
      'gpg.format': 'ssh',
      'user.signingkey': `${key}.pub`,
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    await git(clone, [...flags, 'commit', '--quiet', '--allow-empty', '-S', '-m', 'signed größe']);
    await git(clone, ['push', '--quiet', 'origin', 'HEAD:main']);
    const commit = await git(clone, ['rev-parse', 'HEAD']);
    const remote = httpRemote({ url: host.url(repository), store: newStore() });
    const { signature, message } = (await remote.pull({ commit, paths: [], files: false })).commit;
    expect(message).toBe('signed größe\n');
    await writeFile(join(scratch, 'signature'), `${signature?.text}\n`);
    const verified = await runProgram(
      'ssh-keygen',
      ['-Y', 'check-novalidate', '-n', 'git', '-s', join(scratch, 'signature')],
      signature?.payload,
    );
    expect(verified).toContain('Good "git" signature');
  });
});

describe('the Git host', () => {
  it('tells of every push, and of nothing else', async () => {
    const { repository, commit } = await repositoryOf(httpRemote, { 'a.yaml': 'a' });
    const clone = join(scratch, 'pusher');
    await git(scratch, ['clone', '--quiet', host.url(repository), clone]);
    const author = ['-c', 'user.name=Fleet', '-c', 'user.email=f@example.org'];
    await git(clone, [...author, 'commit', '--quiet', '--allow-empty', '-m', 'pushed']);
    await git(clone, ['push', '--quiet', 'origin', 'HEAD:main', 'HEAD:feature']);
    const pushed = await git(clone, ['rev-parse', 'HEAD']);
    await host.deleteBranch(repository, 'feature');
    await host.rewind(repository, 'main', commit);
    expect(pushes.filter((push) => push.repository === repository).map(({ refs }) => refs)).toEqual([
      [{ name: 'refs/heads/main', commit }],
      [
        { name: 'refs/heads/main', before: commit, commit: pushed },
        { name: 'refs/heads/feature', commit: pushed },
      ],
      [{ name: 'refs/heads/feature', before: pushed }],
      [{ name: 'refs/heads/main', before: pushed, commit }],
    ]);
  });

  it('serves what an earlier run left, on the port it is given', async () => {
    const { repository, commit } = await repositoryOf(httpRemote, { 'a.yaml': 'a' });
    const again = await startGitHost({ root: join(scratch, 'host') });
    expect(await again.hasRepository(repository)).toBe(true);
    const remote = httpRemote({ url: again.url(repository), store: newStore() });
    expect(await remote.listRefs({ names: ['refs/heads/main'] })).toEqual([{ name: 'refs/heads/main', commit }]);
    await again.close();
  });

  it('counts requests and bytes as the client does', async () => {
    const { repository, commit } = await repositoryOf(httpRemote, { 'a.yaml': 'a' });
    const own = new GitDispatcher();
    await httpRemote({ url: host.url(repository), store: newStore() }, own).pull({ commit, paths: [''], files: true });
    await own.close();
    const { requests, up, down } = host.traffic(repository);
    expect({ requests, up, down }).toEqual({ requests: 3, ...own.traffic() });
  });
});

function httpRemote({ url, store, credentials, wallMs }: RemoteOptions, own = dispatcher): GitRemote {
  return new SmartHttpGitRemote({
    url,
    store,
    dispatcher: own,
    clock: systemClock,
    ...(credentials && { credentials }),
    ...(wallMs !== undefined && { limits: { wallMs } }),
  });
}

function cliRemote({ url, store, credentials, wallMs }: RemoteOptions): GitRemote {
  return new CliGitRemote({
    url,
    store,
    directory: join(scratch, `mirror-${repositories}-${mirrors++}`),
    mirrorBytesMax: 1e9,
    clock: systemClock,
    ...(credentials && { credentials }),
    ...(wallMs !== undefined && { limits: { wallMs } }),
  });
}

let mirrors = 0;

function nextName(): string {
  return `repository-${repositories++}`;
}

function newStore(): InMemoryObjectStore {
  return new InMemoryObjectStore({ bytesMax: 64 * 1024 * 1024 });
}

async function repositoryOf(
  open: (options: RemoteOptions) => GitRemote,
  files: Record<string, string | undefined | Uint8Array>,
) {
  const repository = nextName();
  const commit = await host.createRepository(repository, files);
  return { repository, commit, remote: open({ url: host.url(repository), store: newStore() }) };
}

async function hostWorld(open: (options: RemoteOptions) => GitRemote): Promise<GitRemoteWorld> {
  const repository = nextName();
  await host.createRepository(repository, {}, { branch: 'unused' });
  await host.deleteBranch(repository, 'unused');
  const store = new InMemoryObjectStore({ bytesMax: 4_000_000 });
  return {
    remote: open({ url: host.url(repository), store }),
    store,
    commit: (changes, options) => host.commit(repository, changes, options),
    tag: (name, options) => host.tag(repository, name, options),
    rewind: (branch, commit) => host.rewind(repository, branch, commit),
    deleteBranch: (branch) => host.deleteBranch(repository, branch),
    write: async (type, content) => {
      const oid = await host.writeObject(repository, type, content);
      expect(oid).toBe(gitObject(type, content).oid);
      return oid;
    },
  };
}

async function pathsOf(remote: GitRemote, tree: string | undefined): Promise<string[]> {
  return tree === undefined ? [] : (await remote.files(tree)).map(({ path }) => path);
}

async function failureOf(task: Promise<unknown>): Promise<Fault> {
  return task.then(
    () => expect.fail('nothing failed'),
    (error: unknown) => error as Fault,
  );
}

/** Somebody else's server, which must never hear from us. */
async function startStranger() {
  const requests: unknown[] = [];
  const server = createServer((request, response) => {
    requests.push(request.headers);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** Lines enough that a change of one of them travels as a difference. */
function large(seed: number): string {
  return Array.from({ length: 4_000 }, (_, line) => `line ${line * seed}\n`).join('');
}

function git(directory: string, args: readonly string[]): Promise<string> {
  return runProgram('git', ['-C', directory, ...args]);
}

async function runProgram(program: string, args: readonly string[], input?: Uint8Array): Promise<string> {
  const running = promisify(execFile)(program, [...args], {
    env: { PATH: process.env['PATH'], HOME: scratch, LC_ALL: 'C' },
  });
  running.child.stdin?.on('error', () => undefined);
  running.child.stdin?.end(input ?? '');
  return (await running).stdout.trim();
}
