import { systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { lostTransitions } from '../fleet/lost-transitions.ts';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { cpuBetween } from '../fleet/process-figures.ts';
import { percentile, rounded, type Bench } from './figure.ts';

const rounds = 5;

/**
 * Every agent reports a change at once: over the broker and `status` into the database, counted by their receipts, each
 * of which follows its commit. The floor is one statement that writes the same rows from rows that are there.
 */
export const ingestBench: Bench = {
  name: 'ingest',
  about: 'reports a second into the database, beside raw upserts of the same rows (--agents N)',
  run: async (tell, { agents, verify }) => {
    const world = await openFleetWorld({ agents, applications: 1, verify });
    try {
      await ingest(world);
      const before = world.figures();
      const samples: number[] = [];
      for (let round = 0; round < rounds; round++) samples.push(await ingest(world));
      const spent = cpuBetween(before, world.figures());
      const [value, floor] = [percentile(samples, 0.5), await rawUpserts(world)];
      const lost = await lostTransitions(world);
      const parts = Object.entries(spent).map(([name, seconds]) => `${name} ${seconds} s`);
      tell({
        metric: 'reportsPerSecond',
        unit: 'reports/s',
        value: rounded(value, 0),
        floor: rounded(floor, 0),
        ratio: rounded(floor / value, 2),
        conditions: `${agents} agents, one report each at once, median of ${rounds}; ${lost} not stored; floor: raw upserts of the same rows a second, ratio is floor / value; processor time of all rounds: ${parts.join(', ')}`,
      });
    } finally {
      await world.stop();
    }
  },
};

/** Reports a second of one round: from the change in every cluster to the last receipt. */
async function ingest({ fleet }: FleetWorld): Promise<number> {
  const { receipts } = await fleet.figures();
  const begun = systemClock.now();
  const stirred = await fleet.stir(fleet.agents);
  const last = await until(
    async () => {
      const figures = await fleet.figures();
      return figures.receipts >= receipts + stirred && figures.lastReceiptAt;
    },
    { what: `${stirred} receipts`, timeoutMs: 120_000, intervalMs: 20 },
  );
  return (stirred * 1_000) / (last - begun);
}

/** Rows a second of one statement for each of the tables that a report touches. */
async function rawUpserts({ query, fleet }: FleetWorld): Promise<number> {
  const tables = [
    { name: 'target_status', key: 'target' },
    { name: 'last_report', key: 'cluster' },
  ];
  let spent = 0;
  for (const { name, key } of tables) {
    await query(`CREATE TABLE floor_${name} (LIKE ${name} INCLUDING ALL)`);
    const upsert = `INSERT INTO floor_${name} SELECT * FROM ${name} ON CONFLICT (${key}) DO UPDATE SET generation = excluded.generation + 1`;
    await query(upsert);
    const begun = performance.now();
    await query(upsert);
    spent += performance.now() - begun;
    await query(`DROP TABLE floor_${name}`);
  }
  return (fleet.agents * 1_000) / spent;
}
