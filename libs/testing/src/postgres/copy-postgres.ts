import { cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { giveToServant } from './servant.ts';

/**
 * Copies all that a PostgreSQL has on its disk while it does not run, also after it was killed: another one goes on with
 * it, and knows what was committed until then and nothing of what comes later.
 */
export async function copyPostgres(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, verbatimSymlinks: true });
  const files = await readdir(join(to, 'data'), { recursive: true });
  await giveToServant(['.', ...files].map((file) => join(to, 'data', file)));
}
