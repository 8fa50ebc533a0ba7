import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { Fault } from '@flotilla/foundation';
import { patientDatabase } from './database.ts';

const migrationLock = 7_305_316;

/** How the name of a migration begins that takes away what the version before it reads or writes. */
export const narrowingPrefix = 'Narrow';

/** How long a change of a table may wait for others to leave it: whoever comes meanwhile waits behind it. */
const tableLockMs = 5_000;

/**
 * Brings the tables up to date. Everything is one session of its own: the lock for which other replicas wait, and the one
 * transaction of all migrations. Whoever is killed meanwhile lets go of both, and leaves nothing half done.
 */
export async function migrate(database: DataSource): Promise<void> {
  const patient = await patientDatabase(database).initialize();
  const runner = patient.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [migrationLock]);
    await runner.query(`SET lock_timeout = ${tableLockMs}`);
    const executor = new MigrationExecutor(patient, runner);
    executor.transaction = 'all';
    refuseNewer(patient, await executor.getExecutedMigrations());
    await executor.executePendingMigrations();
  } finally {
    await runner.release();
    await patient.destroy();
  }
}

/**
 * A newer version may have added to the tables: while replicas are replaced, and after going back, this code lives with
 * that. What took something away says so by its name, and this code would read and write it wrongly.
 */
function refuseNewer({ migrations }: DataSource, executed: readonly { readonly name: string }[]): void {
  const known = new Set(migrations.map(({ name, constructor }) => name ?? constructor.name));
  const [unknown] = executed.filter(({ name }) => !known.has(name) && name.startsWith(narrowingPrefix));
  if (!unknown) return;
  throw new Fault({
    code: 'invalid',
    reason: 'SchemaNewer',
    message: `a newer Flotilla has changed the tables of this database (${unknown.name}), and this one does not know how: start that version, or restore the backup from before the upgrade`,
    consequence: { kind: 'stall', until: 'a version is started that knows these tables' },
  });
}

/** Keeps everybody who migrates out until the transaction ends. */
export async function lockMigrations(runner: QueryRunner): Promise<void> {
  await runner.query('SELECT pg_advisory_xact_lock($1)', [migrationLock]);
}
