import { availableParallelism } from 'node:os';
import { expect, it } from 'vitest';
import { mapLimited } from '@flotilla/foundation';
import { defaultSteps } from '../run-seeds.ts';
import { withDefect } from './plant.ts';
import type { FoundDefect } from './planted-defect.ts';
import { heldDefects } from './held-defects.ts';
import { plantedDefects } from './planted-defects.ts';
import { searchSeeds } from './search-seeds.ts';

/** What is changed elsewhere moves what a seed leads to: then one of the first seeds has to do it. */
const otherSeeds = 25;

async function isFound(planted: FoundDefect): Promise<boolean> {
  const range = { name: planted.by, steps: defaultSteps };
  const kept = await searchSeeds(planted, { ...range, first: planted.seed, seeds: 1 });
  if (kept.finding) return true;
  const others = await searchSeeds(planted, { ...range, first: 1, seeds: otherSeeds });
  return others.finding !== undefined;
}

it('each planted defect is found, by the seed that is kept for it or by one of the first', async () => {
  const missed = await mapLimited(plantedDefects, availableParallelism(), async (planted) =>
    (await isFound(planted)) ? [] : [planted.defect],
  );
  process.stdout.write(`${plantedDefects.length} planted defects\n`);
  expect(missed.flat()).toEqual([]);
});

it('each defect that something else holds can still be planted', () => {
  for (const held of heldDefects) expect(withDefect(held)).toContain(held.becomes);
});
