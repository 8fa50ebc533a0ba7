import { expect, it } from 'vitest';
import { keptSeeds } from './kept-seeds.ts';
import { defaultSteps, runSeeds } from './run-seeds.ts';

const kept = keptSeeds.filter(({ name }) => name === 'fleet');

it.each(kept)('seed $first, which once found: $found', async (range) => {
  expect(await runSeeds({ ...range, seeds: 1 })).toBeUndefined();
});

it('a fleet under 1,000 seeds of faults does no harm, loses no order, and comes right when they stop', async () => {
  expect(await runSeeds({ name: 'fleet', first: 1, seeds: 1_000, steps: defaultSteps })).toBeUndefined();
});
