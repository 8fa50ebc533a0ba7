import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const noteEveryModule = `
  import { registerHooks } from 'node:module';
  registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
  await import(process.argv[1]);
`;

it('loads neither the large client nor the whole of undici before somebody needs them', async () => {
  const door = new URL('index.ts', import.meta.url).href;
  const flags = ['--conditions=source', '--input-type=module', '--eval', noteEveryModule, door];
  const { stdout } = await promisify(execFile)(process.execPath, flags);
  const loaded = stdout.trim().split('\n');
  expect(loaded).toContain(door);
  expect(loaded.filter((url) => url.endsWith('/undici/lib/dispatcher/pool.js'))).toHaveLength(1);
  expect(loaded.filter((url) => /client-node|undici\/index\.js|undici\/lib\/web/.test(url))).toEqual([]);
});
