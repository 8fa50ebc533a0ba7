import type { Running } from '@flotilla/foundation';
import { startPostgres } from '@flotilla/testing';
import type { DataDirectory, DemoPorts } from '../data-directory.ts';
import { supervise, type Watcher } from '../supervise.ts';

export interface Database extends Running {
  readonly url: string;
}

export interface DatabaseOptions {
  readonly data: DataDirectory;
  readonly ports: DemoPorts;
  readonly watcher: Watcher;
}

/** The database that `DATABASE_URL` names, or a PostgreSQL of the demo's own. */
export async function startDatabase({ data, ports, watcher }: DatabaseOptions): Promise<Database> {
  const given = process.env.DATABASE_URL;
  if (given) return { url: given, stop: async () => undefined };
  const directory = await data.makeFolder('postgres');
  let url: string | undefined;
  const start = async () => {
    const postgres = await startPostgres({ directory, port: ports.postgres, ownGroup: true });
    url ??= await data.kept('database', () => postgres.createDatabase('flotilla'));
    return postgres.child;
  };
  const postgres = await supervise('PostgreSQL', start, watcher);
  return { url: url!, stop: () => postgres.stop() };
}
