import { simulateAgent } from './simulate-agent.ts';
import { simulateFleet } from './fleet/simulate-fleet.ts';

/** Everything that is simulated: one agent on the simulated API server, and a whole fleet. */
export const simulations = { agent: simulateAgent, fleet: simulateFleet } as const;
export type SimulationName = keyof typeof simulations;

export interface SeedRange {
  readonly name: SimulationName;
  readonly first: number;
  readonly seeds: number;
  readonly steps: number;
}

export const defaultSteps = 40;

/** The first seed of a range that finds something, told in one line that repeats it. */
export async function runSeeds({ name, first, seeds, steps }: SeedRange): Promise<string | undefined> {
  for (let seed = first; seed < first + seeds; seed++) {
    const { violations } = await simulations[name](seed, steps);
    if (violations.length > 0)
      return `${violations[0]}; again: npm run sim -- --only ${name} --seed ${seed} --seeds 1 --steps ${steps}`;
  }
  return undefined;
}
