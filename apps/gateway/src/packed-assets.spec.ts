import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '@flotilla/testing';
import { packedAssets } from './packed-assets.ts';

const script = 'const letters = "a";\n'.repeat(1_000);
let place: TemporaryDirectory;
let server: Server;

beforeAll(async () => {
  place = await temporaryDirectory('assets');
  const assets = join(place.path, 'assets');
  await mkdir(assets);
  await writeFile(join(assets, 'index-1a2b.js'), script);
  await writeFile(join(place.path, 'secret.js'), 'not an asset');
  const handle = packedAssets(assets, 'for ever');
  server = createServer((request, response) => void handle(request, response, () => response.end('next')));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  await place.remove();
});

async function ask(path: string, accept: string, method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const headers = { 'accept-encoding': accept, connection: 'close' };
  const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers });
  const [encoding, vary] = ['content-encoding', 'vary'].map((name) => response.headers.get(name));
  return { encoding, vary, text: await response.text(), bytes: Number(response.headers.get('content-length')) };
}

describe('assets of the page', () => {
  it('come packed to whoever takes it, the second time as the first', async () => {
    const answers = [await ask('/index-1a2b.js', 'br, gzip'), await ask('/index-1a2b.js', 'gzip;q=0.5')];
    const packed = { encoding: 'gzip', vary: 'Accept-Encoding', text: script, bytes: answers[0]!.bytes };
    expect(answers).toEqual([packed, packed]);
    expect(packed.bytes).toBeLessThan(script.length / 3);
  });

  const left: readonly [what: string, path: string, accept: string, method: string | undefined][] = [
    ['a browser that takes no gzip', '/index-1a2b.js', 'br', undefined],
    ['a browser that refuses it by name', '/index-1a2b.js', 'gzip;q=0, br', undefined],
    ['a file that is not there', '/index-9.js', 'gzip', undefined],
    ['a way out of the folder', '/..%2fsecret.js', 'gzip', undefined],
    ['another kind of file', '/favicon.svg', 'gzip', undefined],
    ['another verb', '/index-1a2b.js', 'gzip', 'DELETE'],
  ];
  it.each(left)('%s is left to whoever comes next', async (_, path, accept, method) => {
    expect(await ask(path, accept, method)).toMatchObject({ encoding: null, text: 'next' });
  });
});
