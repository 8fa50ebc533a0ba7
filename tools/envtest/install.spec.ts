import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { envtestCacheFolder, findEnvtestAssets } from '../../libs/testing/src/kube-apiserver/envtest-assets.ts';
import { installEnvtest } from './install.ts';
import { chooseArchive } from './released-binaries.ts';

describe('installing a real API server', () => {
  let folder: string;
  let server: Server;
  let files: Record<string, string | Uint8Array>;
  let environment: NodeJS.ProcessEnv;
  let lines: string[];

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'flotilla-envtest-'));
    mkdirSync(join(folder, 'bin'));
    files = {};
    server = createServer((request, response) => {
      const file = files[request.url ?? ''];
      response.writeHead(file === undefined ? 404 : 200).end(file);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const index = `http://127.0.0.1:${(server.address() as AddressInfo).port}/index.yaml`;
    // An empty PATH, so that the Go of this machine plays no part.
    environment = { XDG_CACHE_HOME: join(folder, 'cache'), PATH: join(folder, 'bin'), FLOTILLA_ENVTEST_INDEX: index };
    lines = [];
  });

  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const install = () => installEnvtest({ environment, say: (line) => lines.push(line) });
  const offer = (archive: Uint8Array, hash = createHash('sha512').update(archive).digest('hex')) => {
    const name = `envtest-v1.34.4-${platform()}.tar.gz`;
    files['/index.yaml'] = `releases:\n  v1.34.4:\n    ${name}:\n      hash: ${hash}\n      selfLink: /files/${name}\n`;
    files[`/files/${name}`] = archive;
  };

  it('takes the released binaries, and does nothing the next time', async () => {
    offer(archiveOf(folder, { 'kube-apiserver': 'echo Kubernetes v1.34.4', etcd: 'echo etcd Version: 3.6.4' }));
    expect(await install()).toBe(0);
    const cache = envtestCacheFolder(environment);
    expect(lines).toEqual([
      'fetched the released binaries of v1.34.4',
      `installed kube-apiserver v1.34.4 and etcd 3.6.4 in ${cache}`,
    ]);
    expect(findEnvtestAssets(environment)).toEqual({
      kubeApiserver: join(cache, 'kube-apiserver'),
      etcd: join(cache, 'etcd'),
    });
    lines = [];
    expect(await install()).toBe(0);
    expect(lines).toEqual([`${cache} is complete: nothing to do`]);
  });

  it('refuses an archive whose hash is not the one of the index', async () => {
    offer(archiveOf(folder, { 'kube-apiserver': 'echo v1.34.4', etcd: 'echo 3.6.4' }), 'a'.repeat(128));
    expect(await install()).toBe(3);
    expect(lines[0]).toBe("no released binaries: the hash of the v1.34.4 archive is not the index's");
    expect(findEnvtestAssets(environment)).toBeUndefined();
  });

  it('says in one line what is missing when there is no way', async () => {
    expect(await install()).toBe(3);
    expect(lines).toEqual([
      'no released binaries: the released binaries cannot be reached (HTTP 404)',
      expect.stringMatching(/^cannot install kube-apiserver v1\.34\.4: .*there is no Go.*KUBEBUILDER_ASSETS/),
    ]);
  });

  it('leaves one working folder when several install at once, and nothing beside it', async () => {
    offer(archiveOf(folder, { 'kube-apiserver': 'echo v1.34.4', etcd: 'echo 3.6.4' }));
    expect(await Promise.all([install(), install(), install()])).toEqual([0, 0, 0]);
    expect(readdirSync(join(folder, 'cache', 'flotilla', 'envtest'))).toEqual([`v1.34.4-${platform()}`]);
    expect(findEnvtestAssets(environment)).toBeDefined();
  });

  it('replaces a folder whose programs do not answer', async () => {
    offer(archiveOf(folder, { 'kube-apiserver': 'exit 1', etcd: 'exit 1' }));
    expect(await install()).toBe(3);
    offer(archiveOf(folder, { 'kube-apiserver': 'echo v1.34.4', etcd: 'echo 3.6.4' }));
    mkdirSync(envtestCacheFolder(environment), { recursive: true });
    writeFileSync(join(envtestCacheFolder(environment), 'etcd'), 'broken');
    expect(await install()).toBe(0);
  });

  it('believes KUBEBUILDER_ASSETS when it is complete, and nothing else', async () => {
    offer(archiveOf(folder, { 'kube-apiserver': 'echo v1.34.4', etcd: 'echo 3.6.4' }));
    environment = { ...environment, KUBEBUILDER_ASSETS: join(folder, 'controller-tools', 'envtest') };
    expect(await install()).toBe(0);
    expect(lines).toEqual(['KUBEBUILDER_ASSETS has kube-apiserver and etcd: nothing to do']);
    expect(findEnvtestAssets(environment)?.etcd).toBe(join(folder, 'controller-tools', 'envtest', 'etcd'));
  });
});

describe('the release index', () => {
  const line = (version: string, platform: string) =>
    `    envtest-${version}-${platform}.tar.gz:\n      hash: ${version.at(-1)!.repeat(128)}\n      selfLink: /${version}\n`;

  it.each([
    ['the pinned patch', ['v1.34.5', 'v1.34.4', 'v1.34.0'], 'v1.34.4'],
    ['the newest patch when the pinned one was not released', ['v1.34.0', 'v1.34.1', 'v1.33.9'], 'v1.34.1'],
    ['nothing of another minor', ['v1.33.9', 'v1.35.0'], undefined],
  ])('gives %s', (_, versions, expected) => {
    const index = versions.map((version) => line(version, 'linux-arm64') + line(version, 'linux-amd64')).join('');
    expect(chooseArchive(index, 'linux-amd64')?.version).toBe(expected);
  });
});

function platform(): string {
  return `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
}

/** An archive laid out like a released one, with shell scripts for programs. */
function archiveOf(folder: string, programs: Readonly<Record<string, string>>): Uint8Array {
  const inside = join(folder, 'controller-tools', 'envtest');
  mkdirSync(inside, { recursive: true });
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(inside, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  }
  const file = join(folder, 'archive.tar.gz');
  execFileSync('tar', ['-czf', file, '-C', folder, 'controller-tools']);
  return readFileSync(file);
}
