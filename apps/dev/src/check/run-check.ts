import type { House } from '../house.ts';
import { say, sinceStart, step } from '../progress.ts';
import { DemoFleet } from '../demo-fleet.ts';
import { checkSteps } from './steps.ts';

/** Walks the road by itself and says each step with its time. The exit code is the result. */
export async function runCheck(house: House): Promise<number> {
  const fleet = new DemoFleet(house);
  say(`up after ${sinceStart()}; walking the road`);
  for (const { what, ...walk } of checkSteps) {
    try {
      await step(what, () => walk.run(fleet));
    } catch (error) {
      say(`check failed: ${what}: ${error instanceof Error ? error.message : String(error)}`);
      say(`the logs are in ${house.data.folder('logs')}`);
      return 1;
    }
  }
  say('check passed');
  return 0;
}
