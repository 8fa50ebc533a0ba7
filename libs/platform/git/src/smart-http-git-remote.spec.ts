import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { Redacted, systemClock, type Fault } from '@flotilla/foundation';
import { afterEach, describe, expect, it } from 'vitest';
import { GitDispatcher, type GitDispatcherOptions } from './http/git-dispatcher.ts';
import type { GitCredentials } from './http/credentials.ts';
import { infoRefs } from './http/redirect.ts';
import type { GitLimits } from './git-limits.ts';
import { InMemoryObjectStore } from './objects/in-memory-object-store.ts';
import { flushPacket, packetOf } from './protocol/pkt-line.ts';
import { SmartHttpGitRemote } from './smart-http-git-remote.ts';
import { startScriptedHost, type ScriptedHost } from './testing/scripted-host.ts';

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const offer = [...['version 2', 'ls-refs', 'fetch=filter'].map((line) => packetOf(`${line}\n`)), flushPacket].join('');
const listing = packetOf(`${'a'.repeat(40)} refs/heads/main\n`) + flushPacket;
const basic: GitCredentials = { kind: 'basic', username: 'fleet', password: new Redacted('hunter2/+ü') };
const bearer: GitCredentials = { kind: 'bearer', token: new Redacted('hunter2-token') };
const canary = /hunter2|aHVudGVy|aHVudGVyMi|Zmxl/;

describe('a host over HTTP', () => {
  it('is asked what it offers once, and from then on one request a look', async () => {
    const host = await gitHost();
    const remote = remoteOf(`${host.origin}/shop.git`);
    const look = () => remote.listRefs({ names: ['refs/heads/main'] });
    expect([await look(), await look()]).toEqual(Array.from({ length: 2 }, () => [mainRef]));
    expect(host.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      `GET /shop.git${infoRefs}`,
      'POST /shop.git/git-upload-pack',
      'POST /shop.git/git-upload-pack',
    ]);
    expect(host.requests.at(1)?.headers).toEqual({
      host: host.origin.slice('http://'.length),
      connection: 'keep-alive',
      'user-agent': 'git/flotilla',
      'git-protocol': 'version=2',
      'content-type': 'application/x-git-upload-pack-request',
      'content-length': '76',
    });
  });

  it('counts what goes over its sockets', async () => {
    const host = await gitHost();
    const dispatcher = newDispatcher();
    await remoteOf(`${host.origin}/shop.git`, { dispatcher }).listRefs({});
    const { up, down } = dispatcher.traffic();
    expect([up > 300 && up < 600, down > 300 && down < 900]).toEqual([true, true]);
    await dispatcher.close();
    expect(dispatcher.traffic()).toEqual({ up, down });
  });

  it('that moved the repository is asked again where it lives', async () => {
    let home = '/shop.git';
    const host = await startHost((request, response) => {
      if (request.url?.startsWith(home)) return answerGit(request, response);
      response.writeHead(301, { location: `${home}${infoRefs}` }).end();
    });
    const remote = remoteOf(`${host.origin}/shop.git`);
    await remote.listRefs({});
    home = '/renamed.git';
    expect(await remote.listRefs({})).toEqual([mainRef]);
    expect(host.requests.map(({ method, url }) => `${method} ${url}`).slice(2)).toEqual([
      'POST /shop.git/git-upload-pack',
      `GET /shop.git${infoRefs}`,
      `GET /renamed.git${infoRefs}`,
      'POST /renamed.git/git-upload-pack',
    ]);
  });

  it('that refuses a remembered offer is asked once more, and not again and again', async () => {
    let refusing = false;
    const host = await startHost((request, response) => {
      if (!refusing || request.method === 'GET') return answerGit(request, response);
      response.writeHead(200, gitType('result')).end(packetOf('ERR unknown capability'));
    });
    const remote = remoteOf(`${host.origin}/shop.git`);
    await remote.listRefs({});
    refusing = true;
    expect((await failureOf(remote.listRefs({}))).reason).toBe('GitHostRefused');
    expect(host.requests.map(({ method }) => method)).toEqual(['GET', 'POST', 'POST', 'GET', 'POST']);
  });

  it('that closed a connection which was kept alive is asked again', async () => {
    let posts = 0;
    const host = await startHost((request, response) => {
      if (request.method === 'POST' && ++posts === 2) request.socket.destroy();
      else answerGit(request, response);
    });
    const remote = remoteOf(`${host.origin}/shop.git`);
    expect([await remote.listRefs({}), await remote.listRefs({})]).toEqual([[mainRef], [mainRef]]);
  });

  it.each<[what: string, answer: Answer, expected: object]>([
    [
      '401',
      status(401),
      {
        code: 'unauthenticated',
        reason: 'GitCredentialsRefused',
        consequence: { kind: 'stall', until: 'the credential is corrected' },
      },
    ],
    ['403', status(403), { reason: 'GitCredentialsRefused' }],
    [
      '404',
      status(404),
      {
        code: 'not-found',
        reason: 'GitRepositoryNotFound',
        consequence: { kind: 'stall', until: 'the repository exists and the credential may read it' },
      },
    ],
    [
      '429 with patience',
      status(429, { 'retry-after': '17' }),
      { code: 'too-many', reason: 'GitHostBusy', consequence: { kind: 'retry', afterMs: 17_000 } },
    ],
    [
      '429 with endless patience',
      status(429, { 'retry-after': '999999999' }),
      { consequence: { kind: 'retry', afterMs: 3_600_000 } },
    ],
    ['500', status(500), { code: 'unavailable', reason: 'GitHostFailed', consequence: { kind: 'retry' } }],
    [
      '503 until a date in the past',
      status(503, { 'retry-after': 'Fri, 01 Jan 2021 00:00:00 GMT' }),
      { consequence: { kind: 'retry', afterMs: 0 } },
    ],
    ['503 until rubbish', status(503, { 'retry-after': 'soon' }), { consequence: { kind: 'retry' } }],
    ['418', status(418), { reason: 'GitHostRefused' }],
    [
      'a page',
      (_request, response) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>'),
      { code: 'invalid', reason: 'GitAnswerNotGit' },
    ],
    ['nothing', (request) => request.socket.destroy(), { code: 'unavailable', reason: 'GitHostUnreachable' }],
    ['an answer that breaks off', breakOff, { code: 'unavailable', reason: 'GitHostUnreachable' }],
    [
      'version 0',
      (_request, response) =>
        response.writeHead(200, gitType('advertisement')).end(`${packetOf(`${'a'.repeat(40)} HEAD`)}0000`),
      { reason: 'GitProtocolUnsupported' },
    ],
  ])('that answers with %s', async (_what, answer, expected) => {
    const host = await startHost(answer);
    expect(await failureOf(remoteOf(`${host.origin}/shop.git`).listRefs({}))).toMatchObject(expected);
  });

  it('that is not there is told from one that refuses', async () => {
    const host = await startHost(status(200));
    await host.close();
    expect(await failureOf(remoteOf(`${host.origin}/shop.git`).listRefs({}))).toMatchObject({
      reason: 'GitHostUnreachable',
      message: `${host.origin}/shop.git cannot be reached (ECONNREFUSED)`,
      consequence: { kind: 'retry' },
    });
  });

  it('that stays silent runs into the deadline', async () => {
    const host = await startHost(() => undefined);
    const remote = remoteOf(`${host.origin}/shop.git`, { limits: { wallMs: 50 } });
    expect(await failureOf(remote.listRefs({}))).toMatchObject({ code: 'timeout', reason: 'GitTimeout' });
  });

  it('that stays silent is left when the caller leaves', async () => {
    const host = await startHost(() => undefined);
    const leaving = new AbortController();
    const look = failureOf(remoteOf(`${host.origin}/shop.git`).listRefs({ signal: leaving.signal }));
    leaving.abort();
    expect((await look).reason).toBe('GitCancelled');
  });

  it('AT-21 that never ends its offer is cut off', async () => {
    const host = await startHost((_request, response) => {
      response.writeHead(200, gitType('advertisement'));
      const more = () => {
        while (response.write(packetOf('x'.repeat(60_000)))) if (response.destroyed) return;
        response.once('drain', more);
      };
      response.write(packetOf('version 2\n'));
      more();
    });
    expect((await failureOf(remoteOf(`${host.origin}/shop.git`).listRefs({}))).reason).toBe('GitPackTooLarge');
  });
});

describe('AT-16 credentials', () => {
  it.each([
    ['basic', basic, `Basic ${Buffer.from('fleet:hunter2/+ü').toString('base64')}`],
    ['bearer', bearer, 'Bearer hunter2-token'],
  ])('%s are sent with each request to their origin', async (_kind, credentials, expected) => {
    const host = await gitHost();
    await remoteOf(`${host.origin}/shop.git`, { credentials }).listRefs({});
    expect(host.requests.map(({ headers }) => headers.authorization)).toEqual([expected, expected]);
  });

  const redirects = [301, 302, 303, 307, 308].flatMap((code) => [
    { code, credentials: basic, step: 'GET' },
    { code, credentials: bearer, step: 'POST' },
  ]);

  it.each(redirects)('never follow a redirect: $code of a $step', async ({ code, credentials, step }) => {
    const other = await gitHost();
    const host = await startHost((request, response) => {
      if (request.method !== step) return answerGit(request, response);
      response.writeHead(code, { location: `${other.origin}${request.url}`, 'set-cookie': 'a=b' }).end();
    });
    const failure = await failureOf(remoteOf(`${host.origin}/shop.git`, { credentials }).listRefs({}));
    expect([failure.reason, failure.code, other.requests.length]).toEqual(['GitRedirectRefused', 'forbidden', 0]);
  });

  it('do not come back in a message, however the host spells them', async () => {
    for (const credentials of [basic, bearer]) {
      const host = await startHost((request, response) => {
        const secret = credentials.kind === 'basic' ? credentials.password.reveal() : credentials.token.reveal();
        const spelled = `${secret}, ${encodeURIComponent(secret)}, ${btoa('fleet:x')}`;
        const sent = `${packetOf(`ERR you sent ${spelled}`)}${packetOf(`ERR ${request.headers.authorization}`)}`;
        response.writeHead(200, gitType(request.method === 'GET' ? 'advertisement' : 'result')).end(sent);
      });
      const failure = await failureOf(remoteOf(`${host.origin}/shop.git`, { credentials }).listRefs({}));
      expect(failure.message).toContain('[redacted]');
      expect(failure.message.replace(btoa('fleet:x'), '')).not.toMatch(canary);
    }
  });

  it('are in no fault, printed with all that hangs on it', async () => {
    const answers: Answer[] = [status(401), status(500), breakOff, (request) => request.socket.destroy()];
    for (const answer of answers) {
      const host = await startHost(answer);
      const remote = remoteOf(`${host.origin}/shop.git`, { credentials: basic });
      const failure = await failureOf(remote.listRefs({}));
      expect(`${inspect(failure, { depth: 10, showHidden: true })}${JSON.stringify(failure)}`).not.toMatch(canary);
      expect(inspect(remote, { depth: 10, showHidden: true })).not.toMatch(canary);
    }
  });
});

describe('AT-17 a name is dialled only where it leads to a place that may be dialled', () => {
  it.each([
    ['the metadata service', '169.254.169.254'],
    ['this machine', '127.0.0.1'],
    ['this machine in IPv6', '::1'],
    ['a mapped address', '::ffff:169.254.169.254'],
    ['a private network', '10.0.0.1'],
  ])('%s', async (_what, address) => {
    const dispatcher = newDispatcher({ privateNetworks: 'refuse', lookup: lookupOf([address]) });
    const remote = remoteOf('https://git.example.org/shop.git', { dispatcher, credentials: basic });
    expect(await failureOf(remote.listRefs({}))).toMatchObject({ code: 'forbidden', reason: 'GitAddressRefused' });
    expect(dispatcher.traffic()).toEqual({ up: 0, down: 0 });
  });

  it('an address that is written out', async () => {
    const dispatcher = newDispatcher();
    for (const host of [
      '169.254.169.254',
      '[fe80::1]',
      '0.0.0.0',
      '2852039166',
      '0xA9.0xFE.0xA9.0xFE',
      '0251.0376.0251.0376',
    ]) {
      const remote = remoteOf(`https://${host}/shop.git`, { dispatcher });
      expect((await failureOf(remote.listRefs({}))).reason).toBe('GitAddressRefused');
    }
  });

  it('one bad address among good ones', async () => {
    const dispatcher = newDispatcher({ lookup: lookupOf(['93.184.216.34', '169.254.169.254']) });
    const remote = remoteOf('https://git.example.org/shop.git', { dispatcher });
    expect((await failureOf(remote.listRefs({}))).reason).toBe('GitAddressRefused');
  });

  it('a name that leads elsewhere at the second look-up', async () => {
    const host = await gitHost();
    let leadsTo = '127.0.0.1';
    const dispatcher = newDispatcher({ lookup: lookupOf(() => [leadsTo]) });
    const url = `${host.origin.replace('127.0.0.1', 'localhost')}/shop.git`;
    expect(await remoteOf(url, { dispatcher }).listRefs({})).toEqual([mainRef]);
    await host.close();
    leadsTo = '169.254.169.254';
    expect((await failureOf(remoteOf(url, { dispatcher }).listRefs({}))).reason).toBe('GitAddressRefused');
  });

  it('a URL alone opens no connection', async () => {
    const host = await gitHost();
    remoteOf(`${host.origin}/shop.git`);
    expect(host.requests).toEqual([]);
  });
});

const mainRef = { name: 'refs/heads/main', commit: 'a'.repeat(40) };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

interface RemoteOptions {
  readonly credentials?: GitCredentials;
  readonly dispatcher?: GitDispatcher;
  readonly limits?: Partial<GitLimits>;
}

function remoteOf(url: string, { dispatcher = newDispatcher(), ...options }: RemoteOptions = {}): SmartHttpGitRemote {
  const store = new InMemoryObjectStore({ bytesMax: 1_000_000 });
  return new SmartHttpGitRemote({ url, store, dispatcher, clock: systemClock, ...options });
}

function newDispatcher(options: GitDispatcherOptions = {}): GitDispatcher {
  const dispatcher = new GitDispatcher(options);
  closing.push(() => dispatcher.close());
  return dispatcher;
}

async function startHost(answer: Answer): Promise<ScriptedHost> {
  const host = await startScriptedHost(answer);
  closing.push(() => host.close());
  return host;
}

function gitHost(): Promise<ScriptedHost> {
  return startHost(answerGit);
}

function answerGit(request: IncomingMessage, response: ServerResponse): void {
  const isOffer = request.method === 'GET';
  response.writeHead(200, gitType(isOffer ? 'advertisement' : 'result')).end(isOffer ? offer : listing);
}

function gitType(kind: 'advertisement' | 'result'): Record<string, string> {
  return { 'content-type': `application/x-git-upload-pack-${kind}` };
}

function status(code: number, headers: Record<string, string> = {}): Answer {
  return (_request, response) => response.writeHead(code, headers).end('broken');
}

function breakOff(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, gitType('advertisement'));
  response.write(packetOf('version 2\n'), () => request.socket.destroy());
}

function lookupOf(addresses: string[] | (() => string[])): NonNullable<GitDispatcherOptions['lookup']> {
  return (_hostname, options, callback) => {
    const found = typeof addresses === 'function' ? addresses() : addresses;
    const all = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    if (options.all) callback(null, all);
    else callback(null, all[0]?.address ?? '', all[0]?.family ?? 4);
  };
}

async function failureOf(task: Promise<unknown>): Promise<Fault> {
  return task.then(
    () => expect.fail('nothing failed'),
    (error: unknown) => error as Fault,
  );
}
