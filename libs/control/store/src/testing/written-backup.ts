import { BackupWriter } from '../backup/backup-format.ts';

/** Rows by table, each as JSON would have it. */
export type BackupRows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;

/** The lines of a backup with these rows, as a Flotilla with these migrations would have written it. */
export function* writtenBackup(migrations: readonly string[], tables: BackupRows): Generator<string> {
  const writer = new BackupWriter();
  const takenAt = new Date(Date.UTC(2026, 0, 1)).toISOString();
  yield writer.head({ takenAt, version: '0.1.0', migrations: [...migrations] }).trimEnd();
  for (const [table, rows] of Object.entries(tables)) {
    yield writer.table(table).trimEnd();
    for (const row of rows) yield writer.row(JSON.stringify(row)).trimEnd();
  }
  yield writer.end().trimEnd();
}
