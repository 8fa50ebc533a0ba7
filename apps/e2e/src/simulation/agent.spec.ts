import { expect, it } from 'vitest';
import { simulateAgent } from './simulate-agent.ts';

const seeds = Number(process.env.SIM_SEEDS ?? 200);
const first = Number(process.env.SIM_SEED ?? 1);
const steps = Number(process.env.SIM_STEPS ?? 40);

/** A failing run prints one line that repeats it. */
it(`an agent under ${seeds} seeds of faults never does harm, and comes right when they stop`, async () => {
  for (let seed = first; seed < first + seeds; seed++) {
    const { violations } = await simulateAgent(seed, steps);
    const again = `SIM_SEED=${seed} SIM_SEEDS=1 SIM_STEPS=${steps} npm test -- apps/e2e/src/simulation/agent.spec.ts`;
    expect(
      violations.map(({ message }) => message),
      `repeat it with: ${again}`,
    ).toEqual([]);
  }
  process.stdout.write(`simulated ${seeds} seeds of ${steps} steps, from seed ${first}\n`);
});
