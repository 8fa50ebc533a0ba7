import { chown } from 'node:fs/promises';

/** The user that PostgreSQL runs as under root, as whom it refuses to run; `nobody` exists wherever root does. */
export const servant = process.getuid?.() === 0 ? 65_534 : undefined;

/** PostgreSQL uses no files but its own. Whoever is not root runs it himself, and has nothing to give away. */
export async function giveToServant(paths: readonly string[]): Promise<void> {
  const owner = servant;
  if (owner === undefined) return;
  await Promise.all(paths.map((path) => chown(path, owner, owner)));
}
