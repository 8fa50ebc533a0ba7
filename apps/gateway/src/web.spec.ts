import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { browserHeaders } from './http/security-headers.ts';
import { openGateway, type TestGateway } from './testing/open-gateway.ts';

let directory: string;
let gateway: TestGateway;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'flotilla-web-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), 'the page');
  await writeFile(join(directory, 'assets', 'app-1a2b.js'), 'the script');
  gateway = await openGateway({ webDirectory: directory });
});

afterAll(async () => {
  await gateway.stop();
  await rm(directory, { recursive: true });
});

const html = 'text/html,application/xhtml+xml,*/*;q=0.8';
const forEver = 'public, max-age=31536000, immutable';

it.each([
  ['/', html, 200, 'the page', 'no-cache'],
  ['/targets/abc?tab=diff', html, 200, 'the page', 'no-cache'],
  ['/assets/app-1a2b.js', '*/*', 200, 'the script', forEver],
  ['/assets/another.js', '*/*', 404, 'RouteUnknown', 'no-store'],
  ['/assets/..%2f..%2fetc%2fpasswd', '*/*', 404, 'RouteUnknown', 'no-store'],
  ['/api/v1/nothing', html, 404, 'RouteUnknown', 'no-store'],
  ['/api/v1/projects', html, 401, 'TokenRefused', 'no-store'],
  ['/livez', html, 200, 'ok', 'no-store'],
])('AT-28 %s for %s is %i, behind the wall', async (path, accept, status, text, kept) => {
  const response = await gateway.send(path, { headers: { accept } });
  const { headers } = response;
  const wall = Object.entries(browserHeaders).every(([name, value]) => headers.get(name) === value);
  expect({ status: response.status, text: await response.text(), kept: headers.get('cache-control'), wall }).toEqual({
    status,
    text: expect.stringContaining(text),
    kept,
    wall: true,
  });
});
