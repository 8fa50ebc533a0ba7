import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { objectsEach } from './engine/bench-applications.ts';
import { openEngineWorld } from './engine/engine-world.ts';
import { apiServerConditions } from './engine/measured-api-server.ts';
import { rounded, type Bench } from './figure.ts';

const applicationsDefault = 1_000;
/** What the first sync needed goes back to the system within this time. */
const settleMs = 60_000;

/** What an agent takes of the memory, at its most while it syncs a thousand applications at once, and with none at all. */
export const memoryBench: Bench = {
  name: 'memory',
  about: 'resident memory of the agent process at 1,000 applications x 4 objects, and idle',
  run: async (tell, { applications = applicationsDefault }) => {
    const world = await openEngineWorld(applications);
    try {
      await sleep(settleMs / 4);
      const idle = megabytes(world.agent.pid, 'VmRSS');
      await world.deliver();
      await world.reported();
      const most = megabytes(world.agent.pid, 'VmHWM');
      await sleep(settleMs);
      const settled = megabytes(world.agent.pid, 'VmRSS');
      tell({
        metric: 'agentRssMb',
        value: most,
        unit: 'MB',
        conditions: `the most while ${applications} applications x ${objectsEach} objects were synced for the first time; ${settled} MB a minute later; ${apiServerConditions}`,
      });
      tell({
        metric: 'agentIdleRssMb',
        value: idle,
        unit: 'MB',
        conditions: 'enrolled, connected, no application yet',
      });
    } finally {
      await world.stop();
    }
  },
};

function megabytes(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return rounded(Number(kilobytes) / 1_024);
}
