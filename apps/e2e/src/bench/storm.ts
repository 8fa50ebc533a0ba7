import { systemClock } from '@flotilla/foundation';
import { comeBack } from '../fleet/come-back.ts';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { spentText } from '../fleet/process-figures.ts';
import { rounded, type Bench, type Figure } from './figure.ts';

type Tell = (figure: Omit<Figure, 'bench'>) => void;

/** A tenth of the fleet changes while nobody can hear it: what is true afterwards is not what was stored before. */
const stirredShare = 0.1;

/**
 * From a kill -9 to the moment at which every agent has said hello and every status in the database is what its agent
 * last made it, with what was lost on the way: of the broker, and of the whole control plane.
 */
export const stormBench: Bench = {
  name: 'storm',
  about: 'kill -9 of nats-server, and of the control plane: until all agents are back (--agents N)',
  run: async (tell, { agents, verify }) => {
    const world = await openFleetWorld({ agents, applications: 1, verify });
    try {
      await measure(world, 'nats-server', tell, (whileAway) => world.plane.crashBroker(whileAway));
      await measure(world, 'control plane', tell, async (whileAway) => {
        await world.plane.crashServices();
        await whileAway();
      });
    } finally {
      await world.stop();
    }
  },
};

async function measure(
  world: FleetWorld,
  killed: string,
  tell: Tell,
  crash: (whileAway: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const { agents } = world.fleet;
  const [before, saidBefore] = [world.figures(), await world.fleet.figures()];
  const since = systemClock.now();
  let stirred = 0;
  await crash(async () => void (stirred = await world.fleet.stir(Math.ceil(agents * stirredShare))));
  const { tookMs, lost } = await comeBack(world, since);
  const said = await world.fleet.figures();
  const metric = killed === 'nats-server' ? 'Broker' : 'ControlPlane';
  const spent = spentText(before, world.figures());
  const conditions = `${agents} agents, kill -9 of ${killed}, ${stirred} clusters changed meanwhile, ${said.askedForAll - saidBefore.askedForAll} asked to say everything again; ${spent}`;
  tell({ metric: `reconnectMs${metric}`, value: rounded(tookMs, 0), unit: 'ms', conditions });
  tell({ metric: `lostTransitions${metric}`, value: lost, unit: 'transitions', conditions });
}
