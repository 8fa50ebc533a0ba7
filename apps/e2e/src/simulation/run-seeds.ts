import { simulateAgent } from './simulate-agent.ts';
import { simulateFleet } from './fleet/simulate-fleet.ts';
import { addCounts, type TroubleCounts } from './troubles.ts';

/** Everything that is simulated: one agent on the simulated API server, and a whole fleet. */
export const simulations = { agent: simulateAgent, fleet: simulateFleet } as const;
export type SimulationName = keyof typeof simulations;

export interface SeedRange {
  readonly name: SimulationName;
  readonly first: number;
  readonly seeds: number;
  readonly steps: number;
}

/** The first seed of a range that found something. */
export interface Finding {
  readonly name: SimulationName;
  readonly seed: number;
  /** How many steps it took; one more than there are when it was found after all faults had stopped. */
  readonly steps: number;
  readonly violation: string;
}

export interface SeedsRun {
  readonly finding?: Finding;
  readonly seeds: number;
  /** How often each kind of trouble happened. */
  readonly troubles: TroubleCounts;
}

export const defaultSteps = 40;

/** Runs the seeds of a range, up to the first that finds something. */
export async function runSeeds({ name, first, seeds, steps }: SeedRange): Promise<SeedsRun> {
  // Failures are made by the thousand, and nobody reads where.
  Error.stackTraceLimit = 0;
  let troubles: TroubleCounts = {};
  for (let seed = first; seed < first + seeds; seed++) {
    const { violations, ...run } = await simulations[name](seed, steps);
    troubles = addCounts(troubles, run.troubles);
    const [violation] = violations;
    if (violation) return { finding: { name, seed, steps: run.steps, violation }, seeds: seed - first + 1, troubles };
  }
  return { seeds, troubles };
}

/** A finding in one line that repeats it. */
export function findingLine({ name, seed, violation }: Finding, steps: number): string {
  return `${violation}; again: npm run sim -- --only ${name} --seed ${seed} --seeds 1 --steps ${steps}`;
}
