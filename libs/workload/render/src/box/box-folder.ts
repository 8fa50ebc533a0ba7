import { chmodSync, linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { RenderFile } from '../render-file.ts';
import { ownCopy } from './own-copies.ts';

const filesFolder = '/files';

/** Where a file or folder of a job is, as its program sees it. */
export function inBox(path: string): string {
  return path === '.' ? filesFolder : `${filesFolder}/${path}`;
}

/** A folder of its own for one run, which is all of the disk that the program sees, and the way to be rid of it. */
export interface BoxFolder {
  readonly path: string;
  readonly remove: () => void;
}

/**
 * Writes exactly the declared files, to be read only, and beside them the program, where it is on this machine as well.
 * The files come from Git objects as plain bytes, so that there is no link among them; a path that would leave the folder
 * is a mistake of the caller, and nothing is kept of the folder.
 */
export function makeBoxFolder(files: readonly RenderFile[], programs: readonly string[]): BoxFolder {
  const path = mkdtempSync(join(tmpdir(), 'flotilla-render-'));
  const remove = () => {
    for (const folder of foldersOf(path)) chmodSync(folder, 0o700);
    rmSync(path, { recursive: true, force: true });
  };
  try {
    mkdirSync(join(path, filesFolder));
    for (const file of files) write(join(path, filesFolder), file);
    for (const program of programs) place(path, program);
    for (const folder of foldersOf(path)) chmodSync(folder, 0o500);
  } catch (error) {
    remove();
    throw error;
  }
  return { path, remove };
}

function write(folder: string, { path, content }: RenderFile): void {
  if (!staysInside(path)) throw new Error(`an input may not be named ${JSON.stringify(path.slice(0, 200))}`);
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  // "wx": two inputs of one name, or of names that this disk takes for one, are refused.
  writeFileSync(file, content, { mode: 0o400, flag: 'wx' });
}

function staysInside(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((step) => step !== '' && step !== '.' && step !== '..');
}

function place(folder: string, program: string): void {
  const file = join(folder, program);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  linkSync(ownCopy(program), file);
}

function foldersOf(path: string): string[] {
  const inside = readdirSync(path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [path, ...inside.map((entry) => join(entry.parentPath, entry.name))];
}
