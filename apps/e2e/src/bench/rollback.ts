import { operations } from '@flotilla/contracts';
import { assertThat, systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { rawFanout } from './fanout.ts';
import { beside, percentile, type Bench } from './figure.ts';

const runs = 5;
const params = { project: 'default' };
const selection = { application: 'app-1' };

/** From the command, its preview included, to the receipt of the last agent that went back. */
export const rollbackBench: Bench = {
  name: 'rollback',
  about: 'one application back on every agent, from the command to the last acknowledgement (--agents N, else 1,000)',
  agents: 1_000,
  run: async (tell, { agents, verify }) => {
    const world = await openFleetWorld({ agents, applications: 2, verify });
    try {
      const { commit: good } = await entered(world);
      const samples: number[] = [];
      for (let count = 0; count < runs; count++) {
        await entered(world);
        samples.push(await goBack(world, good));
        await letGo(world);
      }
      const floor = await rawFanout(world);
      const conditions = `${agents} agents x 2 applications, one goes back, worst and median of ${runs}; preview and order over HTTP; everybody goes at once, as they do who are not well; agents ${verify ? 'verify' : 'do not verify'} signatures; floor: the broker alone sends the same bytes`;
      tell({ metric: 'lastAckP99Ms', unit: 'ms', ...beside(percentile(samples, 0.99), floor), conditions });
      tell({ metric: 'lastAckMs', unit: 'ms', ...beside(percentile(samples, 0.5), floor), conditions });
    } finally {
      await world.stop();
    }
  },
};

async function entered(world: FleetWorld): Promise<{ readonly commit: string }> {
  const pushed = await world.push();
  await world.settled(pushed.commit);
  return pushed;
}

async function goBack({ plane: { client }, fleet }: FleetWorld, to: string): Promise<number> {
  const before = (await fleet.figures()).settled[to]?.targets ?? 0;
  const order = { selection, to, atOnce: true };
  const at = systemClock.now();
  const { standing, blast } = await client.call(operations.previewRollback, { params, body: order });
  assertThat(blast.targets === fleet.agents, `everybody goes back, and not ${blast.targets}`);
  const body = { ...order, reason: 'bench', repair: false, standing };
  await client.call(operations.openRollback, { params, body });
  const last = await until(
    async () => {
      const settled = (await fleet.figures()).settled[to];
      return settled !== undefined && settled.targets - before >= fleet.agents && settled.lastAt;
    },
    { what: 'everybody to be back', timeoutMs: 120_000, intervalMs: 50 },
  );
  return last - at;
}

/** So that the next release finds nobody held. */
async function letGo({ plane: { client } }: FleetWorld): Promise<void> {
  const body = { choice: selection, reason: 'bench' };
  await client.call(operations.unpinTargets, { params, body });
  // What that plans is not to be charged to the next one.
  await systemClock.sleep(2_000);
}
