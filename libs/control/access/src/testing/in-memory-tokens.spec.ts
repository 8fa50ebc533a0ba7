import { describe, expect, it } from 'vitest';
import { tokensCases } from './access-cases.ts';
import { InMemoryTokens } from './in-memory-tokens.ts';

describe('API tokens in memory', () => {
  it.each(tokensCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    const tokens = new InMemoryTokens();
    const lines = async () => tokens.lines.map(({ action, subject, message }) => ({ action, subject, message }));
    await expect(run({ tokens, lines })).resolves.toBeUndefined();
  });
});
