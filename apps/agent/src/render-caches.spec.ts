import { mkdtemp, readdir, rm, utimes } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskRenderCache } from './disk-render-cache.ts';
import { MemoryRenderCache } from './memory-render-cache.ts';

let directory: string;
beforeEach(async () => void (directory = await mkdtemp(join(tmpdir(), 'flotilla-renders-'))));
afterEach(() => rm(directory, { recursive: true }));

describe.each([
  ['on disk', () => new DiskRenderCache({ directory: join(directory, 'renders'), bytesMax: 100 })],
  ['in memory', () => new MemoryRenderCache(100)],
])('renders that are kept %s', (_, open) => {
  it('come back as they were, the newest of each key', async () => {
    const cache = open();
    const before = await cache.get('a');
    await cache.put('a', Buffer.from('one'));
    await cache.put('a', Buffer.from('two'));
    expect([before, Buffer.from((await cache.get('a'))!).toString(), await cache.get('b')]).toEqual([
      undefined,
      'two',
      undefined,
    ]);
  });
});

it('in memory the oldest make way', async () => {
  const cache = new MemoryRenderCache(100);
  for (const key of ['a', 'b', 'c']) await cache.put(key, Buffer.alloc(40));
  await cache.put('b', Buffer.alloc(50));
  expect(await Promise.all(['a', 'b', 'c'].map(async (key) => (await cache.get(key))?.length))).toEqual([
    undefined,
    50,
    40,
  ]);
});

it('on disk the oldest make way, drafts that nobody finished as well, and a new process finds the others', async () => {
  const cache = new DiskRenderCache({ directory, bytesMax: 100 });
  for (const [index, key] of ['draft.1', 'a', 'b'].entries()) {
    await cache.put(key, Buffer.alloc(40));
    await utimes(join(directory, key), index, index);
  }
  const restarted = new DiskRenderCache({ directory, bytesMax: 100 });
  await restarted.put('c', Buffer.alloc(40));
  expect([(await readdir(directory)).toSorted(), (await restarted.get('b'))?.length]).toEqual([['b', 'c'], 40]);
});
