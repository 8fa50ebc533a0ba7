import { Redacted, systemClock, type Fault } from '@flotilla/foundation';
import { afterEach, describe, expect, it } from 'vitest';
import { GitDispatcher } from '../http/git-dispatcher.ts';
import { startRecordedHost, type HostAnswer } from '../testing/recorded-host.ts';
import { startScriptedHost } from '../testing/scripted-host.ts';
import { defaultApiUrl, RestPullRequests } from './rest-pull-requests.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const order = { branch: 'flotilla/repair-1', into: 'main', title: 'Take back checkout', body: 'because' };
const token = 'hunter2-token';
const { signal } = new AbortController();
const urls = {
  github: 'https://github.example/example/shop/pull/1',
  gitlab: 'https://gitlab.example/example/shop/-/merge_requests/1',
} as const;

describe.each(['github', 'gitlab'] as const)('pull requests on %s', (type) => {
  const exists = { github: 422, gitlab: 409 }[type];

  it('are opened once, and found again', async () => {
    const { host, recorded } = await open(type);
    expect(await host.findPullRequest(order, signal)).toBeUndefined();
    const opened = { url: urls[type], state: 'open' };
    expect([await host.openPullRequest(order, signal), await host.openPullRequest(order, signal)]).toEqual([
      opened,
      opened,
    ]);
    expect(recorded.kept).toEqual([{ ...order, state: 'open' }]);
  });

  it.each(['open', 'merged', 'closed'] as const)('are read back as %s, and not opened again', async (state) => {
    const { host, recorded } = await open(type);
    await host.openPullRequest(order, signal);
    recorded.decide(state);
    expect(await host.findPullRequest(order, signal)).toEqual({ url: urls[type], state });
    expect(await host.openPullRequest(order, signal)).toEqual({ url: urls[type], state });
    expect(recorded.kept.length).toBe(1);
  });

  it('that somebody opened in the same moment are theirs', async () => {
    const { host, recorded } = await open(type);
    await host.openPullRequest(order, signal);
    // The first look does not see it yet.
    recorded.fail({ status: 200, content: [] });
    expect(await host.openPullRequest(order, signal)).toEqual({ url: urls[type], state: 'open' });
    expect(recorded.kept.length).toBe(1);
  });

  it('whose answer was lost are found at the next try', async () => {
    const { host, recorded } = await open(type);
    recorded.fail({ status: 200, content: [] });
    recorded.fail('lost');
    expect((await failureOf(host.openPullRequest(order, signal))).consequence.kind).toBe('retry');
    expect(await host.openPullRequest(order, signal)).toEqual({ url: urls[type], state: 'open' });
    expect(recorded.kept.length).toBe(1);
  });

  it('of another branch are not taken for it, although the host lists them', async () => {
    const { host, recorded } = await open(type);
    await host.openPullRequest({ ...order, into: 'release' }, signal);
    expect(await host.findPullRequest(order, signal)).toBeUndefined();
    expect(recorded.kept.length).toBe(1);
  });

  it('from a fork are not taken for it, although its branch is called the same', async () => {
    const { host, recorded } = await open(type);
    recorded.openFromFork(order);
    expect(await host.findPullRequest(order, signal)).toBeUndefined();
    const ours = { url: urls[type].replace(/1$/, '2'), state: 'open' };
    expect(await host.openPullRequest(order, signal)).toEqual(ours);
    recorded.openFromFork(order);
    recorded.decide('closed');
    expect(await host.findPullRequest(order, signal)).toEqual(ours);
  });

  it('that the host does not want say why', async () => {
    const { host, recorded } = await open(type);
    recorded.fail({ status: 200, content: [] });
    recorded.fail({ status: exists, content: { message: `no history in common, says ${token}` } });
    const failure = await failureOf(host.openPullRequest(order, signal));
    expect([failure.reason, failure.message.includes('no history in common')]).toEqual(['GitHostRefused', true]);
    expect(failure.message).not.toContain(token);
  });

  it.each<[string, HostAnswer | 'cut', object]>([
    ['401', { status: 401, content: {} }, { reason: 'GitCredentialsRefused', consequence: { kind: 'stall' } }],
    ['403', { status: 403, content: {} }, { reason: 'GitCredentialsRefused', consequence: { kind: 'stall' } }],
    ['404', { status: 404, content: {} }, { reason: 'GitRepositoryNotFound', consequence: { kind: 'stall' } }],
    ['429', { status: 429, content: {}, headers: { 'retry-after': '17' } }, patience(17_000)],
    ['403 that is a limit', { status: 403, content: {}, headers: { 'retry-after': '9' } }, patience(9_000)],
    ['500', { status: 500, content: 'oops' }, { reason: 'GitHostFailed', consequence: { kind: 'retry' } }],
    ['no JSON', { status: 200, content: '<html>' }, { reason: 'GitAnswerMalformed' }],
    ['another shape', { status: 200, content: { items: [] } }, { reason: 'GitAnswerMalformed' }],
    ['items of another shape', { status: 200, content: [{ url: 1 }] }, { reason: 'GitAnswerMalformed' }],
    ['a connection that ends', 'cut', { code: 'unavailable', consequence: { kind: 'retry' } }],
  ])('survive %s', async (_what, answer, expected) => {
    const { host, recorded } = await open(type);
    recorded.fail(answer);
    const failure = await failureOf(host.openPullRequest(order, signal));
    expect(failure).toMatchObject(expected);
    expect(`${failure.message} ${String(failure.cause)}`).not.toContain(token);
    expect(await host.openPullRequest(order, signal)).toEqual({ url: urls[type], state: 'open' });
  });

  it('AT-16 take no credential to another origin', async () => {
    const stranger = await startScriptedHost((_request, response) => void response.end('[]'));
    closing.push(() => stranger.close());
    const { host, recorded } = await open(type);
    recorded.fail({ status: 307, content: '', headers: { location: `${stranger.origin}/api` } });
    expect((await failureOf(host.findPullRequest(order, signal))).reason).toBe('GitHostRefused');
    expect(stranger.requests).toEqual([]);
  });
});

describe('where the API of a host is', () => {
  it.each([
    ['github', 'https://github.com/example/shop.git', 'https://api.github.com'],
    ['github', 'https://git.example.org/example/shop.git', 'https://git.example.org/api/v3'],
    ['gitlab', 'https://gitlab.com/example/shop.git', 'https://gitlab.com/api/v4'],
  ] as const)('%s of %s', (type, repository, expected) => expect(defaultApiUrl(type, repository)).toBe(expected));
});

function patience(afterMs: number) {
  return { reason: 'GitHostBusy', consequence: { kind: 'retry', afterMs } };
}

async function open(type: 'github' | 'gitlab') {
  const recorded = await startRecordedHost(type, token);
  const dispatcher = new GitDispatcher();
  closing.push(
    () => recorded.close(),
    () => dispatcher.close(),
  );
  const credentials = { kind: 'bearer', token: new Redacted(token) } as const;
  const options = { type, url: recorded.url, repositoryPath: 'example/shop', credentials };
  return { recorded, host: new RestPullRequests({ ...options, dispatcher, clock: systemClock }) };
}

async function failureOf(task: Promise<unknown>): Promise<Fault> {
  return task.then(
    () => expect.fail('nothing failed'),
    (error: unknown) => error as Fault,
  );
}
