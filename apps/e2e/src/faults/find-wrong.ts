import { Client } from 'pg';
import { toFault } from '@flotilla/foundation';
import { until } from '@flotilla/testing';
import type { MortalFleet } from '../support/mortal-fleet.ts';

/** Lets a fleet come to rest on a last commit, and says everything that is not as it must be. */
export async function findWrong(fleet: MortalFleet, given: readonly string[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const hold = async (doing: Promise<unknown>) => {
    await doing.catch((error: unknown) => wrong.push(toFault(error).message));
  };
  await hold(fleet.push().then((pushed) => fleet.arrived(pushed)));
  const database = new Client({ connectionString: fleet.parts.databaseUrl });
  await database.connect();
  await hold(
    until(async () => (await stuckWork(database)).length === 0, {
      what: 'work that is not stuck',
      timeoutMs: 60_000,
      intervalMs: 500,
    }),
  );
  wrong.push(...(await stuckWork(database)).map((work) => `stuck: ${JSON.stringify(work)}`));
  wrong.push(...(await wrongLedger(database, given, fleet.parts.clusters.length)));
  await database.end();
  wrong.push(...fleet.backwards.map((step) => `a generation went back: ${step}`));
  for (const { name, deletes } of fleet.parts.clusters) {
    if (deletes() > 0) wrong.push(`${deletes()} objects were deleted in ${name}`);
  }
  return wrong;
}

/** Due for long, set aside for good, or failing. */
async function stuckWork(database: Client): Promise<unknown[]> {
  const { rows } = await database.query<object>(
    `SELECT kind, key, attempts, error FROM work WHERE due_at = 'infinity' OR due_at < now() - interval '15 s' OR error IS NOT NULL`,
  );
  return rows;
}

/** Each order was written once for each cluster, and nothing else was. */
async function wrongLedger(database: Client, given: readonly string[], clusters: number): Promise<string[]> {
  const { rows } = await database.query<{ message: string; lines: number }>(
    `SELECT message, count(*)::int AS lines FROM ledger WHERE action = 'target.suspend' GROUP BY message`,
  );
  const written = new Map(rows.map(({ message, lines }) => [message, lines]));
  const expected = new Map(given.map((reason) => [`suspended: ${reason}`, clusters]));
  return [...new Set([...written.keys(), ...expected.keys()])].flatMap((message) => {
    const [has, wants] = [written.get(message) ?? 0, expected.get(message) ?? 0];
    return has === wants ? [] : [`the ledger has ${has} lines and not ${wants}: ${message}`];
  });
}
