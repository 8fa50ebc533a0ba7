import { expect, it } from 'vitest';
import { keptSeeds } from './kept-seeds.ts';
import { defaultSteps, findingLine, runSeeds } from './run-seeds.ts';
import { describeTroubles, unusedTroubles } from './troubles.ts';

const kept = keptSeeds.filter(({ name }) => name === 'agent');

it.each(kept)('seed $first, which once found: $found', async (range) => {
  expect((await runSeeds({ ...range, seeds: 1 })).finding).toBeUndefined();
});

it('AT-05, AT-26, AT-34: one agent under 1,000 seeds of every trouble there is does no harm, and comes right when they stop', async () => {
  const { finding, seeds, troubles } = await runSeeds({ name: 'agent', first: 1, seeds: 1_000, steps: defaultSteps });
  process.stdout.write(
    `${seeds} seeds of the simulation 'agent'; what went wrong meanwhile:\n${describeTroubles(troubles)}\n`,
  );
  expect(finding && findingLine(finding, defaultSteps)).toBeUndefined();
  expect(unusedTroubles('agent', troubles)).toEqual([]);
});
