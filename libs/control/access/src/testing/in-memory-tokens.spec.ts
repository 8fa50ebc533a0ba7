import { describe, expect, it } from 'vitest';
import { tokensCases } from './access-cases.ts';
import { InMemoryTokens } from './in-memory-tokens.ts';

describe('API tokens in memory', () => {
  it.each(tokensCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const tokens = new InMemoryTokens();
    const world = {
      tokens,
      revoke: async (hash: string) => tokens.end(hash, { isRevoked: true }),
      expire: async (hash: string, expiresAt: number) => tokens.end(hash, { expiresAt }),
    };
    await expect(run(world)).resolves.toBeUndefined();
  });
});
