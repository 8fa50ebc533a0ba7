import { setTimeout as sleep } from 'node:timers/promises';
import { processFigures } from '../support/process-figures.ts';
import { objectsEach } from './engine/bench-applications.ts';
import { openEngineWorld, type EngineWorld } from './engine/engine-world.ts';
import { apiServerConditions } from './engine/measured-api-server.ts';
import { rounded, type Bench } from './figure.ts';

const applicationsDefault = 1_000;
/** What the last sync left to do is no part of steady state. */
const settleMs = 20_000;

/** What an agent costs while nothing happens: what it writes to the API server, and how much of a processor it takes. */
export const steadyBench: Bench = {
  name: 'steady',
  about: 'object writes and processor time while nothing changes, 1,000 applications x 4 objects (--minutes N, 10)',
  run: async (tell, { applications = applicationsDefault, minutes }) => {
    const world = await openEngineWorld(applications);
    try {
      await world.deliver();
      await world.reported();
      await sleep(settleMs);
      const before = await look(world);
      await sleep(minutes * 60_000);
      const after = await look(world);
      const grown = [...after.writes].flatMap(([resource, count]) => {
        const more = count - (before.writes.get(resource) ?? 0);
        return more > 0 ? [[resource, more] as const] : [];
      });
      const ofObjects = grown.filter(([resource]) => resource !== 'leases');
      const conditions = `${applications} applications x ${objectsEach} objects, ${minutes} minutes; ${apiServerConditions}; requests that may change something: ${grown.map(([resource, count]) => `${resource} ${count}`).join(', ')}`;
      tell({
        metric: 'objectWrites',
        value: ofObjects.reduce((sum, [, count]) => sum + count, 0),
        unit: 'requests',
        conditions,
      });
      const share = (spentMs: number) => rounded(spentMs / (minutes * 600), 2);
      tell({
        metric: 'cpuPercent',
        value: share(after.agentMs - before.agentMs),
        unit: '% of one processor',
        conditions: `the agent process; kube-apiserver and etcd meanwhile ${share(after.apiMs - before.apiMs)} %; ${conditions}`,
      });
    } finally {
      await world.stop();
    }
  },
};

async function look({ api, agent }: EngineWorld) {
  return { writes: await api.writes(), agentMs: processFigures(agent.pid)?.cpuMs ?? 0, apiMs: api.cpuMs() };
}
