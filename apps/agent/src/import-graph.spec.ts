import { expect, it } from 'vitest';
import { loadedModules } from '@flotilla/testing';

it('an agent carries no large part that it does not use: one import elsewhere would cost every cluster 30 MB', async () => {
  const whole = new URL('run-agent.ts', import.meta.url).href;
  const loaded = await loadedModules(whole);
  expect(loaded).toContain(whole);
  const large = /client-node|undici\/index\.js|undici\/lib\/web|isomorphic-git|@opentelemetry\/sdk|@nestjs|typeorm/;
  expect(loaded.filter((url) => large.test(url))).toEqual([]);
});
