import { MigrationExecutor, type DataSource, type QueryRunner } from 'typeorm';
import { Fault } from '@flotilla/foundation';
import { actorText, systemActor } from '@flotilla/model';
import { lockMigrations } from '../migrate.ts';
import { rowsOf } from '../rows-of.ts';
import { broken, checkBackup, readBackup, type BackupContent, type TableRow } from './backup-format.ts';
import { tablesOf } from './tables-of.ts';

/** The lines of a backup, from the first; it is read twice. */
export type OpenBackup = () => AsyncIterable<string>;

/**
 * Fills an empty database from a backup: all of it in one transaction, or nothing. The whole backup is checked before the
 * first write. An older one is brought up to date afterwards; a newer one is refused. The database remembers that it was
 * restored: clusters that are ahead of it, and all others until each was heard, are sent nothing.
 */
export async function restoreBackup(database: DataSource, open: OpenBackup): Promise<BackupContent> {
  const content = await checkBackup(open());
  const runner = database.createQueryRunner();
  await runner.connect();
  try {
    await runner.startTransaction();
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    await lockMigrations(runner);
    await expectEmpty(runner);
    await fill(database, runner, { content, open });
    await markRestored(runner, content.takenAt);
    await runner.commitTransaction();
    return content;
  } catch (error) {
    await runner.rollbackTransaction().catch(() => undefined);
    throw error;
  } finally {
    await runner.release();
  }
}

/**
 * Says of a database that it was restored by other means: everybody is heard anew, and nothing is sent before it is known
 * who is ahead. Run it before the services are started.
 */
export async function markAsRestored(database: DataSource, takenAt: string): Promise<void> {
  await database.transaction(async (manager) => {
    const runner = manager.queryRunner!;
    await runner.query('DELETE FROM liveness');
    await runner.query('DELETE FROM last_report');
    await markRestored(runner, takenAt);
  });
}

/** Whoever was there before is not overwritten: a restore is never the second accident. */
async function expectEmpty(runner: QueryRunner): Promise<void> {
  const tables = await tablesOf(runner);
  if (tables.length === 0) return;
  throw new Fault({
    code: 'conflict',
    reason: 'DatabaseNotEmpty',
    message: `the database holds ${tables.length} tables already; stop the services, create an empty database, and restore into that one`,
  });
}

interface Filling {
  readonly content: BackupContent;
  readonly open: OpenBackup;
}

/** Tables as the backup knew them, its rows, and then whatever has changed about tables since. */
async function fill(database: DataSource, runner: QueryRunner, { content, open }: Filling): Promise<void> {
  const executor = new MigrationExecutor(database, runner);
  const migrations = await executor.getPendingMigrations();
  const known = migrations.map(({ name }) => name);
  const newer = content.migrations.filter((name) => !known.includes(name));
  if (newer.length > 0) throw tooNew(content.version, newer);
  for (const each of migrations.filter(({ name }) => content.migrations.includes(name)))
    await executor.executeMigration(each);
  await insertRows(runner, content, readBackup(open()));
  await setSequences(runner);
  for (const each of migrations.filter(({ name }) => !content.migrations.includes(name)))
    await executor.executeMigration(each);
}

function tooNew(version: string, migrations: readonly string[]): Fault {
  const message = `this backup was written by Flotilla ${version}, which is newer than this one (it knows ${migrations.join(', ')}); restore it with that version`;
  return new Fault({ code: 'invalid', reason: 'BackupTooNew', message });
}

const rowsAtOnce = 500;
const charactersAtOnce = 4_000_000;

async function insertRows(
  runner: QueryRunner,
  content: BackupContent,
  rows: AsyncGenerator<TableRow, BackupContent>,
): Promise<void> {
  const tables = new Set(await tablesOf(runner));
  const foreign = content.tables.find(({ name }) => !tables.has(name));
  if (foreign) throw broken(`there is no table ${foreign.name}`);
  // Migrations write first rows of their own, and the backup has those as well.
  await runner.query(`TRUNCATE ${content.tables.map(({ name }) => `"${name}"`).join(', ')}`);
  let waiting: TableRow[] = [];
  let characters = 0;
  const flush = async () => {
    if (waiting[0]) await insert(runner, waiting[0].table, waiting);
    [waiting, characters] = [[], 0];
  };
  for (;;) {
    const read = await rows.next();
    if (read.done) {
      await flush();
      // It is read for the second time: whoever changes the file in between shall not slip something in.
      if (JSON.stringify(read.value) !== JSON.stringify(content)) throw broken('it changed while it was read');
      return;
    }
    const isFull = waiting.length >= rowsAtOnce || characters >= charactersAtOnce;
    if (isFull || waiting[0]?.table !== read.value.table) await flush();
    waiting.push(read.value);
    characters += read.value.row.length;
  }
}

async function insert(runner: QueryRunner, table: string, rows: readonly TableRow[]): Promise<void> {
  const json = `[${rows.map(({ row }) => row).join(',')}]`;
  await runner.query(
    `INSERT INTO "${table}" SELECT rows.* FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb) AS rows`,
    [json],
  );
}

/** Counting goes on behind the highest number that was given. */
async function setSequences(runner: QueryRunner): Promise<void> {
  const sequences = rowsOf<{ table: string; column: string; sequence: string }>(
    await runner.query(
      `SELECT table_name AS table, column_name AS column, pg_get_serial_sequence(quote_ident(table_name), column_name) AS sequence
       FROM information_schema.columns WHERE table_schema = current_schema() AND is_identity = 'YES'`,
    ),
  );
  for (const { table, column, sequence } of sequences)
    await runner.query(`SELECT setval($1, greatest((SELECT max("${column}") FROM "${table}"), 1))`, [sequence]);
}

/** Nobody works on anything any more, nothing is sent before it is known who is ahead, and the ledger says so. */
async function markRestored(runner: QueryRunner, takenAt: string): Promise<void> {
  await runner.query(
    'UPDATE work SET claimed_until = NULL, due_at = least(due_at, now()) WHERE claimed_until IS NOT NULL',
  );
  await runner.query(
    `INSERT INTO restore (at, taken_at, epoch) SELECT clock_timestamp(), $1::timestamptz, max(epoch) FROM epoch`,
    [takenAt],
  );
  await runner.query(
    `INSERT INTO ledger (at, project, actor, action, subject, message)
     SELECT now(), project, $1, 'fleet.restore', 'Project ' || project, 'the database was restored, as it was at ' || $2
     FROM (SELECT project FROM cluster UNION SELECT project FROM document) projects`,
    [actorText(systemActor('restore')), takenAt],
  );
}
