import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redacted, systemClock, type Fault } from '@flotilla/foundation';
import {
  CliGitRemote,
  GitDispatcher,
  InMemoryObjectStore,
  SmartHttpGitRemote,
  type GitCredentials,
  type GitWriter,
  type PushOptions,
} from '@flotilla/platform-git';
import { gitWriterCases, type GitWriterWorld } from '@flotilla/platform-git/testing';
import { startGitHost, type GitHost, type HostFault } from '@flotilla/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let scratch: string;
let host: GitHost;
let dispatcher: GitDispatcher;
let repositories = 0;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'flotilla-push-'));
  host = await startGitHost({ root: join(scratch, 'host') });
  dispatcher = new GitDispatcher();
});

afterAll(async () => {
  await dispatcher.close();
  await host.close();
  await rm(scratch, { recursive: true, force: true });
});

interface WriterOptions {
  readonly url: string;
  readonly credentials?: GitCredentials;
}

const fillings: readonly (readonly [string, (options: WriterOptions) => GitWriter])[] = [
  ['over HTTP', httpWriter],
  ['with the git command', cliWriter],
];

describe.each(fillings)('writing to a remote %s', (_how, open) => {
  it.each(gitWriterCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(await hostWorld(open))).resolves.toBeUndefined();
  });

  it('tells what a hook says, and in its own words why', async () => {
    const { repository, writer, push } = await readyToPush(open);
    await hook(repository, 'pre-receive', 'echo "only reviewers may write here" >&2; exit 1');
    const outcome = await writer.push(push);
    expect(outcome.kind).toBe('refused');
    expect(outcome.kind === 'refused' && outcome.why).toMatch(/hook declined.*only reviewers may write here/);
  });

  it('is whole where the directory that comes back was never read here', async () => {
    const repository = nextName();
    const good = await host.createRepository(repository, { 'a/x.yaml': '1', 'a/deep/y.yaml': '1' });
    const head = await host.commit(repository, { 'a/x.yaml': '2', 'a/deep/y.yaml': undefined, 'b.yaml': 'b' });
    const writer = open({ url: host.url(repository) });
    const changes = await writer.list({ commit: good, paths: ['a'] });
    const commit = (await writer.commitFiles({ head, changes, message: 'revert', author: ann, committer: ann }))!;
    expect(await writer.push({ ref: main, before: head, commit })).toEqual({ kind: 'done' });
    const { trees } = await httpWriter({ url: host.url(repository) }).pull({
      commit: commit.id,
      paths: ['a'],
      files: true,
    });
    const before = await httpWriter({ url: host.url(repository) }).pull({ commit: good, paths: ['a'], files: false });
    expect(trees).toEqual(before.trees);
  });

  it.each([
    ['nobody', undefined],
    ['a wrong credential', { kind: 'bearer', token: new Redacted('wrong-canary') } satisfies GitCredentials],
  ])('AT-16 is refused for %s, and says nothing of what was shown', async (_who, credentials) => {
    const { repository, push } = await readyToPush(open);
    host.setCredential(repository, { token: 'hunter2' });
    const failure = await failureOf(
      open({ url: host.url(repository), ...(credentials && { credentials }) }).push(push),
    );
    expect(failure).toMatchObject({ reason: 'GitCredentialsRefused', consequence: { kind: 'stall' } });
    expect(`${failure.message} ${String(failure.cause)}`).not.toContain('canary');
    host.setCredential(repository, undefined);
    expect((await host.refs(repository)).get(main)).toBe(push.before);
  });

  it('is taken from those alone who may push, where everybody may read', async () => {
    const repository = nextName();
    const pushers = { [repository]: [{ token: 'hunter2' }, { token: 'hunter3' }] };
    const guarded = await startGitHost({ root: join(scratch, repository), pushers });
    const head = await guarded.createRepository(repository, { 'a.yaml': 'a' });
    const pushAs = async (credentials?: GitCredentials) => {
      const writer = open({ url: guarded.url(repository), ...(credentials && { credentials }) });
      return writer.push({ ref: main, before: head, commit: await committed(writer, head) });
    };
    const { reason } = await failureOf(pushAs());
    const outcome = await pushAs({ kind: 'bearer', token: new Redacted('hunter3') });
    expect([reason, outcome]).toEqual(['GitCredentialsRefused', { kind: 'done' }]);
    await guarded.close();
  });

  it('AT-16 takes neither commit nor credential to another origin', async () => {
    const { repository, push } = await readyToPush(open);
    const stranger = await startGitHost({ root: join(scratch, `stranger-${repository}`) });
    const location = `${stranger.origin}/${repository}.git/info/refs?service=git-receive-pack`;
    host.fail(repository, { kind: 'redirect', status: 307, location }, Infinity);
    const credentials: GitCredentials = { kind: 'bearer', token: new Redacted('hunter2') };
    const failure = await failureOf(open({ url: host.url(repository), credentials }).push(push));
    host.faults.clear();
    expect([failure.reason, stranger.requests]).toEqual(['GitRedirectRefused', []]);
    await stranger.close();
  });
});

/** How the `git` command divides its requests is its own affair, so these are told of our own. */
describe('a push over HTTP that goes wrong on its way', () => {
  it.each<[string, HostFault, object]>([
    ['forbids it', { kind: 'status', status: 403 }, { reason: 'GitCredentialsRefused' }],
    ['asks for patience', { kind: 'status', status: 429, headers: { 'retry-after': '7' } }, busy],
    ['fails', { kind: 'status', status: 502 }, { reason: 'GitHostFailed', consequence: { kind: 'retry' } }],
    ['answers with a page', { kind: 'html' }, { reason: 'GitAnswerNotGit' }],
    ['cuts the connection', { kind: 'drop' }, { code: 'unavailable', consequence: { kind: 'retry' } }],
  ])('because the host %s is told, and changed nothing', async (_how, fault, expected) => {
    const { repository, writer, push } = await readyToPush(httpWriter);
    host.fail(repository, atOnce);
    host.fail(repository, fault);
    expect(await failureOf(writer.push(push))).toMatchObject(expected);
    expect((await host.refs(repository)).get(main)).toBe(push.before);
    expect(await writer.push(push)).toEqual({ kind: 'done' });
  });

  it('took effect although the answer was lost: the ref is read again', async () => {
    const { repository, writer, push } = await readyToPush(httpWriter);
    host.fail(repository, atOnce);
    host.fail(repository, { kind: 'truncate', bytes: 1 });
    expect(await writer.push(push)).toEqual({ kind: 'done' });
    expect((await host.refs(repository)).get(main)).toBe(push.commit.id);
  });

  it('is a fault when the host can neither take it nor be asked: nobody knows', async () => {
    const { repository, writer, push } = await readyToPush(httpWriter);
    host.fail(repository, atOnce);
    host.fail(repository, { kind: 'truncate', bytes: 1 });
    host.fail(repository, { kind: 'status', status: 503 }, Infinity);
    expect((await failureOf(writer.push(push))).consequence.kind).toBe('retry');
    host.faults.clear();
    expect(await writer.push(push)).toEqual({ kind: 'done' });
  });

  it('costs the host one pack with what is new, whatever else the repository holds', async () => {
    const { repository, writer, push } = await readyToPush(httpWriter, { 'large.yaml': 'x'.repeat(2_000_000) });
    const before = host.traffic(repository);
    await writer.push(push);
    const after = host.traffic(repository);
    expect(after.requests - before.requests).toBe(2);
    expect(after.up - before.up).toBeLessThan(2_000);
  });
});

const main = 'refs/heads/main';
const ann = { name: 'Ann', email: 'ann@example.org', at: 1_700_000_000_000 };
/** Lets one request pass, so that the fault that is planned next meets the second one. */
const atOnce: HostFault = { kind: 'delay', ms: 0 };
const busy = { reason: 'GitHostBusy', consequence: { kind: 'retry', afterMs: 7_000 } };

function httpWriter({ url, credentials }: WriterOptions): GitWriter {
  return new SmartHttpGitRemote({
    url,
    store: newStore(),
    dispatcher,
    clock: systemClock,
    ...(credentials && { credentials }),
  });
}

function cliWriter({ url, credentials }: WriterOptions): GitWriter {
  return new CliGitRemote({
    url,
    store: newStore(),
    directory: join(scratch, `mirror-${repositories++}`),
    mirrorBytesMax: 1e9,
    clock: systemClock,
    ...(credentials && { credentials }),
  });
}

function newStore(): InMemoryObjectStore {
  return new InMemoryObjectStore({ bytesMax: 4_000_000 });
}

function nextName(): string {
  return `repository-${repositories++}`;
}

async function hostWorld(open: (options: WriterOptions) => GitWriter): Promise<GitWriterWorld> {
  const repository = nextName();
  await host.createRepository(repository, {}, { branch: 'unused' });
  await host.deleteBranch(repository, 'unused');
  return {
    writer: open({ url: host.url(repository) }),
    commit: (changes, options) => host.commit(repository, changes, options),
    rewind: (branch, commit) => host.rewind(repository, branch, commit),
    write: (type, content) => host.writeObject(repository, type, content),
    protect: (branch, why) =>
      hook(repository, 'update', `[ "$1" != "refs/heads/${branch}" ] || { echo "${why}" >&2; exit 1; }`),
  };
}

async function hook(repository: string, name: string, script: string): Promise<void> {
  await mkdir(join(host.directory(repository), 'hooks'), { recursive: true });
  await writeFile(join(host.directory(repository), 'hooks', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

/** A repository with one commit, and another made on top of it that nobody has seen yet. */
async function readyToPush(open: (options: WriterOptions) => GitWriter, files: Readonly<Record<string, string>> = {}) {
  const repository = nextName();
  const head = await host.createRepository(repository, { 'a.yaml': 'a', ...files });
  const writer = open({ url: host.url(repository) });
  const push: PushOptions = { ref: main, before: head, commit: await committed(writer, head) };
  return { repository, writer, push };
}

/** Another commit on top, which nobody has seen yet. */
async function committed(writer: GitWriter, head: string): Promise<PushOptions['commit']> {
  const changes = new Map([['a.yaml', { content: Buffer.from('b') }]]);
  return (await writer.commitFiles({ head, changes, message: 'change', author: ann, committer: ann }))!;
}

async function failureOf(task: Promise<unknown>): Promise<Fault> {
  return task.then(
    () => expect.fail('nothing failed'),
    (error: unknown) => error as Fault,
  );
}
