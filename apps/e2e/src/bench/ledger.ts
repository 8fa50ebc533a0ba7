import type { DataSource } from 'typeorm';
import { createDatabase, migrate, sealLedger, Store } from '@flotilla/control-store';
import { createIds, systemClock } from '@flotilla/foundation';
import { startPostgres, temporaryDirectory } from '@flotilla/testing';
import { beside, rounded, type Bench } from './figure.ts';

const lines = 100_000;

/**
 * How many lines of the ledger are sealed a second, by the one that seals: read, hashed, written, a batch and a commit at a
 * time. The floor is one statement that writes a number and a text of that length to each of the same lines.
 */
export const ledgerBench: Bench = {
  name: 'ledger',
  about: 'lines of the ledger sealed a second, beside one raw update of the same lines',
  run: async (tell) => {
    const directory = await temporaryDirectory('ledger-bench');
    const server = await startPostgres({ directory: directory.path });
    const database = createDatabase({ url: await server.createDatabase('bench') });
    try {
      await database.initialize();
      await migrate(database);
      const floor = await rate(database, 'floor', () =>
        database.query(`UPDATE ledger SET seq = id, hash = repeat('0', 64) WHERE subject = 'floor'`),
      );
      await database.query('DELETE FROM ledger');
      const store = new Store({ database, ids: createIds(), clock: systemClock, announce: () => undefined });
      const before = process.cpuUsage();
      const sealed = await rate(database, 'sealed', () => sealLedger(store));
      const { user, system } = process.cpuUsage(before);
      tell({
        metric: 'linesSealedPerSecond',
        unit: 'lines/s',
        ...beside(sealed, floor),
        ratio: rounded(floor / sealed, 2),
        conditions: `${lines} lines at once; floor: one statement, ratio is floor / value; processor time of the sealer for 10,000 lines ${rounded(((user + system) / 1_000) * (10_000 / lines))} ms`,
      });
    } finally {
      await database.destroy();
      await server.stop();
      await directory.remove();
    }
  },
};

async function rate(database: DataSource, subject: string, seal: () => Promise<unknown>): Promise<number> {
  await database.query(
    `INSERT INTO ledger (at, project, actor, action, subject, message)
     SELECT now(), 'default', 'user:ann', 'target.suspend', $1, 'incident ' || n FROM generate_series(1, ${lines}) n`,
    [subject],
  );
  await database.query('ANALYZE ledger');
  const begun = performance.now();
  await seal();
  return (lines * 1_000) / (performance.now() - begun);
}
