import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redacted } from '@flotilla/foundation';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startHttpServer } from '../testing/http-server.ts';
import type { HttpTransport } from '../transport/http-transport.ts';
import { connectInCluster } from './connect-in-cluster.ts';
import { connectKubeconfig } from './connect-kubeconfig.ts';
import { connectUrl } from './connect-url.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-kube-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** A server that answers each request with the headers it came with. */
async function echoServer(): Promise<string> {
  const server = await startHttpServer((request, response) => response.end(JSON.stringify(request.headers)));
  onTestFinished(() => server.close());
  return server.url;
}

async function headersSentBy(transport: HttpTransport): Promise<IncomingHttpHeaders> {
  onTestFinished(() => transport.close());
  return JSON.parse(await (await transport.request({ method: 'GET', path: '/' })).text()) as IncomingHttpHeaders;
}

async function kubeconfig(server: string, user: object, more: object = {}): Promise<string> {
  const file = join(await folder(), 'config');
  const config = {
    clusters: [{ name: 'c', cluster: { server, ...more } }],
    users: [{ name: 'u', user }],
    contexts: [
      { name: 'shop', context: { cluster: 'c', user: 'u', namespace: 'shop' } },
      { name: 'nobody', context: { cluster: 'c' } },
    ],
    'current-context': 'shop',
  };
  await writeFile(file, JSON.stringify(config));
  return file;
}

describe('connecting by a kubeconfig', () => {
  it.each([
    ['a token', { token: 'secret' }, { authorization: 'Bearer secret' }],
    ['a name and password', { username: 'jane', password: 'x' }, { authorization: 'Basic amFuZTp4' }],
    [
      'somebody it acts as',
      { token: 'secret', as: 'jane', 'as-groups': ['a'], 'as-uid': '7' },
      { authorization: 'Bearer secret', 'impersonate-user': 'jane', 'impersonate-group': 'a', 'impersonate-uid': '7' },
    ],
    ['nobody', {}, {}],
  ])('uses %s', async (_, user, expected) => {
    const transport = await connectKubeconfig({ file: await kubeconfig(await echoServer(), user) });
    const sent = Object.entries(await headersSentBy(transport));
    expect(Object.fromEntries(sent.filter(([name]) => /^(authorization|impersonate-)/.test(name)))).toEqual(expected);
    expect(transport.namespace).toBe('shop');
  });

  it('reads a token file that lies beside it', async () => {
    const file = await kubeconfig(await echoServer(), { tokenFile: './token' });
    await writeFile(join(file, '..', 'token'), 'from a file\n');
    expect(await headersSentBy(await connectKubeconfig({ file }))).toMatchObject({
      authorization: 'Bearer from a file',
    });
  });

  it('takes the context that is asked for', async () => {
    const file = await kubeconfig(await echoServer(), { token: 'secret' });
    const transport = await connectKubeconfig({ file, context: 'nobody' });
    expect((await headersSentBy(transport))['authorization']).toBeUndefined();
    expect(transport.namespace).toBeUndefined();
  });

  it('runs a login program', async () => {
    const credential = {
      apiVersion: 'client.authentication.k8s.io/v1',
      kind: 'ExecCredential',
      status: { token: 'logged in' },
    };
    const print = `process.stdout.write(${JSON.stringify(JSON.stringify(credential))})`;
    const exec = { apiVersion: credential.apiVersion, command: process.execPath, args: ['-e', print] };
    const file = await kubeconfig(await echoServer(), { exec }, { 'insecure-skip-tls-verify': true });
    expect(await headersSentBy(await connectKubeconfig({ file }))).toMatchObject({ authorization: 'Bearer logged in' });
  });

  it('says when a login program fails', async () => {
    const exec = { command: process.execPath, args: ['-e', 'console.error("no card"); process.exit(1)'] };
    const file = await kubeconfig(await echoServer(), { exec }, { 'insecure-skip-tls-verify': true });
    const transport = await connectKubeconfig({ file });
    await expect(transport.request({ method: 'GET', path: '/' })).rejects.toMatchObject({
      code: 'unauthenticated',
      reason: 'LoginFailed',
      message: expect.stringContaining('no card'),
      consequence: { kind: 'retry' },
    });
  });

  it('reads all of YAML when it has to', async () => {
    const file = join(await folder(), 'config');
    const server = await echoServer();
    await writeFile(
      file,
      `contexts: [{name: a, context: {cluster: c, user: u}}]\ncurrent-context: a\nusers: [{name: u, user: &u {token: secret}}]\nclusters:\n- name: c\n  cluster: {server: "${server}"}\n`,
    );
    expect(await headersSentBy(await connectKubeconfig({ file }))).toMatchObject({ authorization: 'Bearer secret' });
  });

  it.each([
    ['no such file', '/nowhere/config', {}, /cannot be read/],
    ['no such context', undefined, { context: 'shopp' }, /no context `shopp`; did you mean `shop`\?/],
  ])('refuses %s and says why', async (_, path, options, words) => {
    const file = path ?? (await kubeconfig('https://127.0.0.1:1', {}));
    const work = connectKubeconfig({ file, ...options });
    await expect(work).rejects.toMatchObject({ reason: 'KubeconfigInvalid', message: expect.stringMatching(words) });
  });

  it.each([
    ['a: [', /it is not YAML/],
    ['current-context: a\n', /no context `a`/],
    ['a: b\n', /no current context/],
    ['current-context: a\ncontexts:\n- name: a\n  context:\n    cluster: c\n', /no cluster `c`/],
    ['current-context: a\ncontexts:\n- name: a\n  context:\n    cluster: c\nclusters:\n- name: c\n', /has no server/],
  ])('refuses %j and says why', async (text, words) => {
    const file = join(await folder(), 'config');
    await writeFile(file, text);
    await expect(connectKubeconfig({ file })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringMatching(words),
    });
  });

  it('refuses a proxy that it cannot use, instead of going without', async () => {
    const file = await kubeconfig('https://127.0.0.1:1', {}, { 'proxy-url': 'socks5://127.0.0.1:1080' });
    await expect(connectKubeconfig({ file })).rejects.toMatchObject({ message: expect.stringMatching(/socks5/) });
  });
});

describe('connecting from inside a pod', () => {
  it('uses what the kubelet mounts', async () => {
    const path = await folder();
    await writeFile(join(path, 'token'), 'pod token');
    await writeFile(join(path, 'ca.crt'), 'CA');
    await writeFile(join(path, 'namespace'), 'flotilla-system\n');
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const transport = await connectInCluster({ environment, folder: path });
    expect([transport.server, transport.namespace]).toEqual(['https://[fd00::1]:443', 'flotilla-system']);
  });

  it.each([
    ['is no pod', {}, /KUBERNETES_SERVICE_HOST/],
    [
      'has no service account',
      { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' },
      /automountServiceAccountToken/,
    ],
  ])('says when this %s', async (_, environment, words) => {
    const work = connectInCluster({ environment, folder: await folder() });
    await expect(work).rejects.toMatchObject({ reason: 'NotInCluster', message: expect.stringMatching(words) });
  });
});

describe('connecting by an address', () => {
  it.each([['secret'], [new Redacted('secret')]])('sends the token %s', async (token) => {
    expect(await headersSentBy(connectUrl({ url: await echoServer(), token }))).toMatchObject({
      authorization: 'Bearer secret',
    });
  });

  it.each(['', 'host:6443', 'ftp://host'])('refuses `%s`', (url) => {
    expect(() => connectUrl({ url })).toThrow(expect.objectContaining({ reason: 'ServerAddressInvalid' }));
  });
});
