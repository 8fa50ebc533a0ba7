import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@flotilla/foundation';

/**
 * The files that a path of `-f` stands for, in one order on every machine: itself, or the YAML and JSON files of a
 * folder. Names that begin with a dot belong to tools.
 */
export async function findFiles(path: string, { recursive }: { readonly recursive: boolean }): Promise<string[]> {
  if (path === '-') return [path];
  if (/^https?:\/\//.test(path)) throw wrong(path, 'addresses are not read; fetch it first, and give `-f -`');
  if (!(await isFolder(path))) return [path];
  const files = await filesIn(path, recursive);
  if (files.length > 0) return files;
  throw wrong(path, `holds no *.yaml, *.yml or *.json${recursive ? '' : '; -R looks into its folders as well'}`);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw wrong(path, code === 'ENOENT' ? 'there is no such file or folder' : message);
  }
}

async function filesIn(folder: string, recursive: boolean): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).filter(({ name }) => !name.startsWith('.'));
  const files: string[] = [];
  for (const entry of entries.toSorted((left, right) => (left.name < right.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (!entry.isDirectory() && /\.(ya?ml|json)$/.test(entry.name)) files.push(path);
    if (entry.isDirectory() && recursive) files.push(...(await filesIn(path, recursive)));
  }
  return files;
}

function wrong(path: string, why: string): Fault {
  return new Fault({ code: 'invalid', reason: 'FilesInvalid', message: `${path}: ${why}` });
}
