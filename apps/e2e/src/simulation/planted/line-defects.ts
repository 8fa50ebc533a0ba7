import type { FoundDefect } from './planted-defect.ts';

/** What can be wrong with what goes up and down the line between an agent and the control plane. */
export const lineDefects: readonly FoundDefect[] = [
  {
    defect: 'a report that got lost is not repeated',
    room: 'line',
    file: 'libs/agent/src/report/reporter.ts',
    line: 'run: async () => this.#repeat(),',
    becomes: 'run: async () => undefined,',
    by: 'fleet',
    seed: 3,
  },
  {
    defect: 'reports are not numbered',
    room: 'line',
    file: 'libs/agent/src/report/reporter.ts',
    line: 'this.#number++;',
    becomes: '',
    by: 'fleet',
    seed: 1,
  },
  {
    defect: 'a hello that shows an old fence is not answered',
    room: 'line',
    file: 'libs/control/delivery/src/send-set.ts',
    line: 'const { failures } = await sendSets(ports, new Map(behind.map((cluster) => [cluster, held.get(cluster)!])));',
    becomes: 'const failures = new Map<string, unknown>();',
    by: 'fleet',
    seed: 3,
  },
];
