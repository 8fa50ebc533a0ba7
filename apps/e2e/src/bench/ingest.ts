import { systemClock } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import { lostTransitions } from '../fleet/lost-transitions.ts';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { spentText } from '../fleet/process-figures.ts';
import { beside, percentile, rounded, type Bench } from './figure.ts';

const rounds = 5;
/** How many targets a cluster has: what a report may carry in a bad minute. */
const applications = 10;

/**
 * Every agent reports at once, over the broker and `status` into the database, counted by their receipts, each of which
 * follows its commit: first one changed target a report, as on an ordinary day, then all of its targets. The floor is
 * one statement that writes the same rows from rows that are there.
 */
export const ingestBench: Bench = {
  name: 'ingest',
  about: 'reports and statuses a second into the database, beside raw upserts of the same rows (--agents N)',
  run: async (tell, { agents, verify }) => {
    const world = await openFleetWorld({ agents, applications, verify });
    try {
      const [single, full] = [await measure(world, 1), await measure(world, applications)];
      const floor = await rawUpserts(world);
      const lost = await lostTransitions(world);
      const conditions = `${agents} agents report at once, median of ${rounds}; ${lost} not stored`;
      tell({
        metric: 'reportsPerSecond',
        unit: 'reports/s',
        ...beside(single.reports, floor.reports),
        ratio: rounded(floor.reports / single.reports, 2),
        conditions: `${conditions}; one status a report, so as many statuses as messages; floor: raw upserts of the same rows, ratio is floor / value; ${single.spent}`,
      });
      tell({
        metric: 'statusesPerSecond',
        unit: 'statuses/s',
        ...beside(full.reports * applications, floor.statuses),
        ratio: rounded(floor.statuses / (full.reports * applications), 2),
        conditions: `${conditions}; ${applications} statuses a report, ${rounded(full.reports, 0)} messages/s; floor: raw upserts of status rows, ratio is floor / value; ${full.spent}`,
      });
    } finally {
      await world.stop();
    }
  },
};

interface Measured {
  /** Messages a second. */
  readonly reports: number;
  readonly spent: string;
}

async function measure(world: FleetWorld, targetsEach: number): Promise<Measured> {
  await ingest(world, targetsEach);
  const before = world.figures();
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) samples.push(await ingest(world, targetsEach));
  const spent = spentText(before, world.figures());
  return { reports: percentile(samples, 0.5), spent: `processor time of all rounds: ${spent}` };
}

/** Reports a second of one round: from the change in every cluster to the last receipt. */
async function ingest({ fleet }: FleetWorld, targetsEach: number): Promise<number> {
  const { receipts } = await fleet.figures();
  const begun = systemClock.now();
  const stirred = await fleet.stir(fleet.agents, targetsEach);
  const last = await until(
    async () => {
      const figures = await fleet.figures();
      return figures.receipts >= receipts + stirred && figures.lastReceiptAt;
    },
    { what: `${stirred} receipts`, timeoutMs: 120_000, intervalMs: 20 },
  );
  return (stirred * 1_000) / (last - begun);
}

/** Rows a second of one statement for each of the tables that a report touches: by reports of one status, by statuses. */
async function rawUpserts({ query, fleet, targets }: FleetWorld): Promise<{ reports: number; statuses: number }> {
  const status = await rawUpsert(query, { name: 'target_status', key: 'target' });
  const report = await rawUpsert(query, { name: 'last_report', key: 'cluster' });
  const statuses = (targets * 1_000) / status;
  return { statuses, reports: 1_000 / (1_000 / statuses + report / fleet.agents) };
}

/** How many milliseconds it takes to write every row of a table again. */
async function rawUpsert(query: FleetWorld['query'], { name, key }: { name: string; key: string }): Promise<number> {
  await query(`CREATE TABLE floor_${name} (LIKE ${name} INCLUDING ALL)`);
  const upsert = `INSERT INTO floor_${name} SELECT * FROM ${name} ON CONFLICT (${key}) DO UPDATE SET generation = excluded.generation + 1`;
  await query(upsert);
  const begun = performance.now();
  await query(upsert);
  const spent = performance.now() - begun;
  await query(`DROP TABLE floor_${name}`);
  return spent;
}
