import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { mapLimited } from '@flotilla/foundation';
import { defaultSteps } from '../run-seeds.ts';
import { withDefect } from './plant.ts';
import { heldDefects } from './held-defects.ts';
import { plantedDefects } from './planted-defects.ts';
import { searchSeeds } from './search-seeds.ts';

it('each planted defect is found by the seed that is kept for it', async () => {
  const missed = await mapLimited(plantedDefects, availableParallelism(), async (planted) => {
    const range = { name: planted.by, first: planted.seed, seeds: 1, steps: defaultSteps };
    const { finding } = await searchSeeds(planted, range);
    return finding ? [] : [planted.defect];
  });
  process.stdout.write(`${plantedDefects.length} planted defects, each found by its seed\n`);
  expect(missed.flat()).toEqual([]);
});

it('each defect that something else holds can still be planted', () => {
  for (const held of heldDefects) expect(withDefect(held)).toContain(held.becomes);
});
