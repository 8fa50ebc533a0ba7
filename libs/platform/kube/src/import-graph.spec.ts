import { expect, it } from 'vitest';
import { loadedModules } from '@flotilla/testing';

it('loads neither the large client nor the whole of undici before somebody needs them', async () => {
  const door = new URL('index.ts', import.meta.url).href;
  const loaded = await loadedModules(door);
  expect(loaded).toContain(door);
  expect(loaded.filter((url) => url.endsWith('/undici/lib/dispatcher/pool.js'))).toHaveLength(1);
  expect(loaded.filter((url) => /client-node|undici\/index\.js|undici\/lib\/web/.test(url))).toEqual([]);
});
