import { chmodSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
  removeLeftBehind();
  const path = mkdtempSync(join(tmpdir(), namePrefix));
  const remove = () => removeFolder(path);
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

const namePrefix = 'flotilla-render-';

/** Far longer than any program may run: what is older belongs to a process that was killed in the middle of a render. */
const leftBehindMs = 3_600_000;

function removeLeftBehind(): void {
  const names = readdirSync(tmpdir()).filter((name) => name.startsWith(namePrefix));
  for (const path of names.map((name) => join(tmpdir(), name))) {
    try {
      if (isLeftBehind(path)) removeFolder(path);
    } catch {
      // Another process is at it as well; what is left is for the next time.
    }
  }
}

/** Never what a link of somebody else leads to. */
function isLeftBehind(path: string): boolean {
  const found = lstatSync(path);
  return found.isDirectory() && found.uid === process.getuid?.() && Date.now() - found.mtimeMs > leftBehindMs;
}

function removeFolder(path: string): void {
  for (const folder of foldersOf(path)) chmodSync(folder, 0o700);
  rmSync(path, { recursive: true, force: true });
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
