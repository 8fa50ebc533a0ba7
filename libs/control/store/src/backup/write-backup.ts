import type { DataSource, QueryRunner } from 'typeorm';
import { isoTime } from '@flotilla/foundation';
import { rowsOf } from '../rows-of.ts';
import { BackupWriter, notKept } from './backup-format.ts';
import { tablesOf } from './tables-of.ts';

/** How many rows are asked for at once. */
const pageRows = 1_000;

export interface WriteBackupOptions {
  /** The Flotilla that writes it. */
  readonly version: string;
  readonly now: number;
}

/**
 * Everything that has to outlive the database, line by line, as it is at one moment: one transaction reads all tables
 * from one snapshot, while the services go on. It writes nothing.
 */
export async function* writeBackup(
  database: DataSource,
  { version, now }: WriteBackupOptions,
): AsyncGenerator<string, void> {
  const runner = database.createQueryRunner();
  await runner.connect();
  try {
    await runner.startTransaction('REPEATABLE READ');
    await runner.query('SET TRANSACTION READ ONLY');
    await runner.query('SET LOCAL statement_timeout = 0');
    await runner.query('SET LOCAL idle_in_transaction_session_timeout = 0');
    const writer = new BackupWriter();
    yield writer.head({ takenAt: isoTime(now), version, migrations: await migrationsOf(runner) });
    for (const table of await tablesOf(runner)) {
      if (table in notKept) continue;
      yield writer.table(table);
      for await (const row of rowsIn(runner, table)) yield writer.row(row);
    }
    yield writer.end();
  } finally {
    // Nothing was written, so there is nothing to keep; a line that is cut has ended it already.
    await runner.rollbackTransaction().catch(() => undefined);
    await runner.release();
  }
}

async function migrationsOf(runner: QueryRunner): Promise<string[]> {
  const rows = rowsOf<{ name: string }>(await runner.query('SELECT name FROM migration ORDER BY id'));
  return rows.map(({ name }) => name);
}

async function* rowsIn(runner: QueryRunner, table: string): AsyncGenerator<string> {
  await runner.query(
    `DECLARE backup_rows NO SCROLL CURSOR FOR SELECT to_jsonb(each)::text AS row FROM "${table}" each`,
  );
  for (;;) {
    const rows = rowsOf<{ row: string }>(await runner.query(`FETCH ${pageRows} FROM backup_rows`));
    for (const { row } of rows) yield row;
    if (rows.length < pageRows) break;
  }
  await runner.query('CLOSE backup_rows');
}
