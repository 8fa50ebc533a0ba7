import type { QueryRunner } from 'typeorm';
import { rowsOf } from '../rows-of.ts';

/** The tables of the record, in one order; what TypeORM notes about migrations is not one of them. */
export async function tablesOf(runner: QueryRunner): Promise<string[]> {
  const rows = rowsOf<{ name: string }>(
    await runner.query(
      `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace
         AND relkind IN ('r', 'p') AND NOT relispartition AND relname NOT IN ('migration', 'typeorm_metadata')
       ORDER BY relname`,
    ),
  );
  return rows.map(({ name }) => name);
}
