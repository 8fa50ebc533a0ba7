export { InMemoryWorkTable } from './in-memory-work-table.ts';
export { placesFor, workCases, type WorkCase, type WorkWorld } from './work-cases.ts';
// The simulation drives the real loop over the table in memory, and must not load what speaks to PostgreSQL.
export { runWork, type WorkRunner } from '../work/run-work.ts';
export { setAsideMs } from '../work/work-table.port.ts';
export { writtenBackup, type BackupRows } from './written-backup.ts';
