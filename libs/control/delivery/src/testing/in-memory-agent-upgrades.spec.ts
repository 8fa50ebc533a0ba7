import { describe, expect, it } from 'vitest';
import { agentUpgradeCases } from './agent-upgrade-cases.ts';
import { inMemoryUpgradeWorld } from './in-memory-upgrade-world.ts';

describe('AT-41 an agent upgrade in memory', () => {
  it.each(agentUpgradeCases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryUpgradeWorld())).resolves.toBeUndefined();
  });
});
