import { expect, it } from 'vitest';
import { keptSeeds } from './kept-seeds.ts';
import { defaultSteps, runSeeds } from './run-seeds.ts';

const kept = keptSeeds.filter(({ name }) => name === 'agent');

it.each(kept)('seed $first, which once found: $found', async (range) => {
  expect(await runSeeds({ ...range, seeds: 1 })).toBeUndefined();
});

it('one agent under 1,000 seeds of faults does no harm, and comes right when they stop', async () => {
  expect(await runSeeds({ name: 'agent', first: 1, seeds: 1_000, steps: defaultSteps })).toBeUndefined();
});
