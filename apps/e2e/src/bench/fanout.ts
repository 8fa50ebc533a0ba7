import { subjects, type DownKind } from '@flotilla/contracts';
import { assertThat, systemClock } from '@flotilla/foundation';
import { connectBus, controlUser } from '@flotilla/platform-bus';
import { until } from '@flotilla/testing';
import { openFleetWorld, type FleetWorld } from '../fleet/fleet-world.ts';
import { cpuBetween, memoryOf, spentText } from '../fleet/process-figures.ts';
import { beside, percentile, rounded, type Bench } from './figure.ts';

const pushes = 5;
/** One entry, signed, with its head: what a change of one application weighs. */
const setBytes = 1_100;

/**
 * From the moment a commit is in the repository to the receipt of the last agent, which follows the commit of its
 * status. The floor is the same bytes to the same connections, and the same rows into the same database, without us.
 */
export const fanoutBench: Bench = {
  name: 'fanout',
  about: 'one commit to the last acknowledgement of every agent (--agents N, 10,000 when not said)',
  run: async (tell, { agents, verify }) => {
    const world = await openFleetWorld({ agents, applications: 2, verify });
    try {
      await rollOut(world);
      const before = world.figures();
      const runs = [];
      for (let push = 0; push < pushes; push++) runs.push(await rollOut(world));
      const after = world.figures();
      const floor = (await rawFanout(world)) + (await rawUpserts(world));
      const conditions = `${agents} agents x 2 applications, one changed, median of ${pushes}; agents ${verify ? 'verify' : 'do not verify'} signatures; one replica of each service; floor: raw NATS fan-out of ${setBytes} bytes + raw upserts of the same rows`;
      const median = (samples: readonly number[]) => percentile(samples, 0.5);
      const acknowledged = runs.map(({ acknowledgedMs }) => acknowledgedMs);
      tell({ metric: 'lastAckMs', unit: 'ms', ...beside(median(acknowledged), floor), conditions });
      tell({ metric: 'lastAckWorstMs', unit: 'ms', value: rounded(Math.max(...acknowledged), 0), conditions });
      tell({
        metric: 'countedMs',
        unit: 'ms',
        value: median(runs.map(({ countedMs }) => countedMs)),
        conditions: `${conditions}; the count of the environment says that all are well`,
      });
      const memory = memoryOf(after);
      tell({
        metric: 'totalRssMb',
        unit: 'MB',
        value: memory.total,
        conditions: `every page counts once; ${memory.text}`,
      });
      const spent = Object.values(cpuBetween(before, after)).reduce((sum, seconds) => sum + seconds, 0);
      tell({
        metric: 'cpuPerAgentUs',
        unit: 'us',
        value: rounded((spent * 1e6) / pushes / agents, 0),
        conditions: `processor time for each agent and commit: ${spentText(before, after)}`,
      });
    } finally {
      await world.stop();
    }
  },
};

interface RolledOut {
  readonly acknowledgedMs: number;
  readonly countedMs: number;
}

async function rollOut(world: FleetWorld): Promise<RolledOut> {
  const { commit, at } = await world.push();
  const last = await world.settled(commit);
  const [stored] = await world.query<{ count: number }>(
    `SELECT count(*)::int FROM target_status WHERE revision = $1 AND sync = 'Synced' AND health = 'Healthy'`,
    [commit],
  );
  assertThat(stored?.count === world.fleet.agents, `whoever has a receipt is stored: ${stored?.count}`);
  await counted(world, commit);
  const countedMs = systemClock.now() - at;
  // What is still under way would be charged to the next one.
  await systemClock.sleep(2_000);
  return { acknowledgedMs: last - at, countedMs };
}

async function counted({ fleet, query }: FleetWorld, commit: string): Promise<void> {
  await until(
    async () => {
      const sql = `SELECT count(*)::int FROM target_count WHERE revision = $1 AND (sync ->> 'Synced')::int = $2
        AND (health ->> 'Healthy')::int = $2`;
      return (await query<{ count: number }>(sql, [commit, fleet.agents]))[0]?.count === 1;
    },
    { what: 'the count to say that all are well', timeoutMs: 60_000, intervalMs: 50 },
  );
}

/** The same bytes to the same connections, with nothing else. */
export async function rawFanout({ plane, fleet, query }: FleetWorld): Promise<number> {
  const credentials = controlUser(plane.secrets.broker, 'bench', systemClock.now());
  const bus = await connectBus({ servers: [plane.nats.url], credentials, name: 'bench' });
  const clusters = await query<{ uid: string }>('SELECT uid FROM cluster');
  const payload = Buffer.alloc(setBytes, 'x');
  const samples: number[] = [];
  for (let round = 0; round < 3; round++) {
    const before = (await fleet.figures()).strange;
    const at = systemClock.now();
    for (const { uid } of clusters) bus.publish(subjects.down(uid, 'floor' as DownKind), payload);
    const last = await until(
      async () => {
        const { strange, lastStrangeAt } = await fleet.figures();
        return strange - before >= clusters.length && lastStrangeAt;
      },
      { what: 'the raw fan-out', timeoutMs: 30_000 },
    );
    samples.push(last - at);
  }
  await bus.stop();
  return percentile(samples, 0.5);
}

/** The rows that a commit changes, written by one statement each from rows that are there already. */
async function rawUpserts({ query }: FleetWorld): Promise<number> {
  const tables = [
    { name: 'target', key: 'uid', column: 'generation' },
    { name: 'target_status', key: 'target', column: 'generation' },
    { name: 'last_report', key: 'cluster', column: 'generation' },
    { name: 'desired_set', key: 'cluster', column: 'generation' },
  ];
  let spent = 0;
  for (const { name, key, column } of tables) {
    await query(`CREATE TABLE floor_${name} (LIKE ${name} INCLUDING ALL)`);
    const upsert = `INSERT INTO floor_${name} SELECT * FROM ${name} ON CONFLICT (${key}) DO UPDATE SET ${column} = excluded.${column} + 1`;
    await query(upsert);
    const begun = performance.now();
    await query(upsert);
    spent += performance.now() - begun;
    await query(`DROP TABLE floor_${name}`);
  }
  return spent;
}
