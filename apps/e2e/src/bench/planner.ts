import { planDelivery, type DeliveryFacts } from '@flotilla/control-delivery';
import { countingIds } from '@flotilla/foundation/testing';
import { openPlane } from '../support/store-plane.ts';
import { StoreFixture } from '../support/store-fixture.ts';
import { beside, percentile, rounded, type Bench } from './figure.ts';

const applicationsDefault = 50;
const rounds = 5;
const changed = 'app-1';

type Plane = Awaited<ReturnType<typeof openPlane>>;

/**
 * From a commit that is on record to the committed sets of every cluster: facts read, decided and written. The floor is
 * one statement for each of the two tables, which writes the same rows from rows that are there.
 */
export const plannerBench: Bench = {
  name: 'planner',
  about: 'one change of one application planned for a whole fleet (--agents N clusters, --applications N on each)',
  run: async (tell, { agents, applications = applicationsDefault }) => {
    const fixture = await StoreFixture.start();
    try {
      const plane = await openFleet(fixture, { agents, applications });
      const samples: number[] = [];
      const decided: number[] = [];
      for (let round = 1; round <= rounds; round++) {
        await push(plane, changed, `v${round}`);
        decided.push(await decide(plane));
        samples.push(await timed(() => plane.plan(changed)));
      }
      const conditions = `${agents} clusters x ${applications} applications, one changed, median of ${rounds}, in one process with PostgreSQL beside it`;
      tell({
        metric: 'planMs',
        unit: 'ms',
        ...beside(percentile(samples, 0.5), await rawUpserts(plane)),
        conditions: `${conditions}; worst ${rounded(Math.max(...samples), 0)}; floor: raw upserts of the same targets and sets`,
      });
      tell({
        metric: 'decideMs',
        unit: 'ms',
        value: rounded(percentile(decided, 0.5)),
        conditions: `${conditions}; the decision alone, a pure function of facts`,
      });
      tell({ metric: 'rssMb', unit: 'MB', value: rounded(process.memoryUsage().rss / 2 ** 20), conditions });
    } finally {
      await fixture.stop();
    }
  },
};

/** A fleet whose every cluster runs every application. */
async function openFleet(fixture: StoreFixture, size: { agents: number; applications: number }): Promise<Plane> {
  const names = Array.from({ length: size.applications }, (_, index) => `app-${index + 1}`);
  const plane = await openPlane(fixture, names);
  const { uid } = await plane.join('cluster', { dev: 'true' });
  await plane.store.query(
    `INSERT INTO cluster SELECT (jsonb_populate_record(cluster, jsonb_build_object('uid', uid || '-' || number,
       'name', name || '-' || number))).* FROM cluster, generate_series(2, $2::int) AS number WHERE uid = $1`,
    [uid, size.agents],
  );
  plane.commit(Object.assign({}, ...names.map((name) => manifest(name, 'first'))) as Record<string, string>);
  await plane.look();
  for (const name of names) await plane.plan(name);
  await plane.store.query('ANALYZE');
  return plane;
}

async function push(plane: Plane, name: string, value: string): Promise<void> {
  plane.commit(manifest(name, value));
  await plane.look();
}

function manifest(name: string, value: string): Record<string, string> {
  return { [`services/${name}/dev/a.yaml`]: `value: ${value}\n` };
}

/** How long the decision alone takes, with facts as they are; nothing is written. */
async function decide({ record, uidOf }: Plane): Promise<number> {
  let read: DeliveryFacts | undefined;
  await record.plan(uidOf('Application', changed), (facts) => {
    read = facts;
    return { releases: [], rollouts: [], withdrawn: [], changes: [], removals: [], agreed: [], problems: [] };
  });
  return timed(async () => planDelivery(read!, countingIds()));
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** The rows that the change of one application writes: its target on each cluster, and the set of each cluster. */
async function rawUpserts({ store, uidOf }: Plane): Promise<number> {
  const rows = [
    { table: 'target', key: 'uid', condition: `WHERE application = '${uidOf('Application', changed)}'` },
    { table: 'desired_set', key: 'cluster', condition: '' },
  ];
  let spent = 0;
  for (const { table, key, condition } of rows) {
    await store.query(`CREATE TABLE floor_${table} (LIKE ${table} INCLUDING ALL)`);
    const upsert = `INSERT INTO floor_${table} SELECT * FROM ${table} ${condition}
      ON CONFLICT (${key}) DO UPDATE SET generation = excluded.generation + 1`;
    await store.query(upsert);
    spent += await timed(() => store.query(upsert));
    await store.query(`DROP TABLE floor_${table}`);
  }
  return spent;
}
