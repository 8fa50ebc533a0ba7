import { systemClock } from '@flotilla/foundation';
import { serviceNames } from '@flotilla/testing';
import { openFleetWorld } from '../fleet/fleet-world.ts';
import { processFigure, type ProcessFigure } from '../fleet/process-figures.ts';
import { startPlane } from '../support/plane-fixture.ts';
import { rounded, type Bench } from './figure.ts';

const applicationsDefault = 10;
const pushes = 3;
/** What a start or a commit needed goes back to the system within this time. */
const settleMs = 30_000;

/** What each service takes of the memory: with nothing to look after, and with a fleet that follows commits. */
export const servicesBench: Bench = {
  name: 'services',
  about: 'memory of each service, at rest and with a fleet (--agents N, 1,000 fits; --applications N on each)',
  run: async (tell, { agents, verify, applications = applicationsDefault }) => {
    const atRest = await resting();
    const world = await openFleetWorld({ agents, applications, verify });
    try {
      for (let count = 0; count < pushes; count++) await world.settled((await world.push()).commit);
      await systemClock.sleep(settleMs);
      const figures = world.figures();
      const fleet = `${agents} clusters x ${applications} applications, ${settleMs / 1_000} s after ${pushes} commits to all of them`;
      for (const name of serviceNames) {
        const [floor, value] = [memoryOf(atRest, name), memoryOf(figures, name)];
        const grown = rounded(((value - floor) * 1_024) / agents);
        const conditions = `${fleet}; one replica; floor: no cluster and no application; ${grown} KB for each cluster`;
        tell({ metric: `${name}Mb`, unit: 'MB', value, floor, ratio: rounded(value / floor, 2), conditions });
      }
    } finally {
      await world.stop();
    }
  },
};

async function resting(): Promise<readonly ProcessFigure[]> {
  const plane = await startPlane({ durable: true });
  try {
    await systemClock.sleep(settleMs);
    return serviceNames.map((name) =>
      processFigure(
        name,
        plane.services[name].map(({ pid }) => pid),
      ),
    );
  } finally {
    await plane.stop();
  }
}

function memoryOf(figures: readonly ProcessFigure[], service: string): number {
  return figures.find(({ name }) => name === service)!.memoryMb;
}
