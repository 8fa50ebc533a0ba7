import { describe, expect, it } from 'vitest';
import { inMemorySourcesWorld } from './in-memory-world.ts';
import { sourcesCases } from './sources-cases.ts';

describe('documents and revisions in memory', () => {
  it.each(sourcesCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemorySourcesWorld())).resolves.toBeUndefined();
  });
});
