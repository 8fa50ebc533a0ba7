import {
  checkBackup,
  createDatabase,
  markAsRestored,
  patientDatabase,
  restoreBackup,
  writeBackup,
} from '@flotilla/control-store';
import { version } from '@flotilla/control-host';
import { Fault, isoTime, type Clock } from '@flotilla/foundation';
import { readLines, writeFile } from './backup-file.ts';

/** What this command works with: the address of the database, when to say it is now, and where it speaks. */
export interface BackupOptions {
  /** Asked for only by those that need a database. */
  readonly databaseUrl: () => string;
  readonly clock: Clock;
  readonly print: (line: string) => void;
}

type Task = (argument: string, options: BackupOptions) => Promise<void>;

const tasks: Readonly<Record<string, Task>> = { write, check, restore, restored };

export const usage = `usage:
  backup.js write FILE       everything in the database, as it is at one moment; the services go on
  backup.js check FILE       whether FILE is whole and as it was written; needs no database
  backup.js restore FILE     fill an empty database with it; the services are stopped
  backup.js restored TIME    the database was restored by other means, as it was at TIME; the services are stopped
`;

/** Runs one task of the command; the first argument says which. */
export async function runBackup([task = '', argument = '', ...rest]: readonly string[], options: BackupOptions) {
  const run = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (!run || !argument || rest.length > 0)
    throw new Fault({ code: 'invalid', reason: 'UsageWrong', message: usage.trimEnd() });
  await run(argument, options);
}

async function write(path: string, options: BackupOptions): Promise<void> {
  await withDatabase(options, async (database) => {
    await writeFile(path, writeBackup(database, { version, now: options.clock.now() }));
  });
  await check(path, options);
}

async function check(path: string, { print }: BackupOptions): Promise<void> {
  const { tables, takenAt, version: writtenBy, notKept } = await checkBackup(readLines(path));
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  print(`${path} is whole: ${rows} rows of ${tables.length} tables, as they were at ${takenAt}; Flotilla ${writtenBy}`);
  for (const [what, why] of Object.entries(notKept)) print(`not in it: ${what} (${why})`);
}

async function restore(path: string, options: BackupOptions): Promise<void> {
  const { takenAt } = await withDatabase(options, (database) => restoreBackup(database, () => readLines(path)));
  options.print(`the database is as it was at ${takenAt}; start the services, then run: flotilla recover`);
}

async function restored(time: string, options: BackupOptions): Promise<void> {
  const at = Date.parse(time);
  if (Number.isNaN(at)) throw new Fault({ code: 'invalid', reason: 'TimeWrong', message: `${time} is no time` });
  await withDatabase(options, (database) => markAsRestored(database, isoTime(at)));
  options.print('nothing is sent before everybody was heard; start the services, then run: flotilla recover');
}

async function withDatabase<Result>(
  { databaseUrl }: BackupOptions,
  use: (database: ReturnType<typeof createDatabase>) => Promise<Result>,
): Promise<Result> {
  const database = patientDatabase(createDatabase({ url: databaseUrl(), applicationName: 'flotilla-backup' }));
  await database.initialize();
  try {
    return await use(database);
  } finally {
    await database.destroy();
  }
}
