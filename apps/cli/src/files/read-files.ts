import { Fault } from '@flotilla/foundation';
import type { World } from '../world.ts';
import { findFiles } from './find-files.ts';
import { readTextFile } from './read-text-file.ts';

export interface TextFile {
  /** As the person named it: errors repeat it, so that it can be opened. */
  readonly file: string;
  readonly text: string;
}

/** More than this in one call is a mistake, such as a folder too high. */
const filesMax = 500;

/** What `-f` names: files, the YAML and JSON files of folders, or `-` for what is sent in. Each file once. */
export async function readFiles(
  { stdin }: Pick<World, 'stdin'>,
  paths: readonly string[],
  { recursive }: { readonly recursive: boolean },
): Promise<TextFile[]> {
  const found = new Set<string>();
  for (const path of paths) for (const file of await findFiles(path, { recursive })) found.add(file);
  if (found.size > filesMax) throw tooMany(found.size, paths);
  const files: TextFile[] = [];
  for (const file of found) {
    const text = file === '-' ? await sentText(stdin) : await readTextFile(file);
    files.push({ file: file === '-' ? 'stdin' : file, text });
  }
  return files;
}

async function sentText(stdin: World['stdin']): Promise<string> {
  const text = await stdin.text();
  if (text.trim() !== '') return text;
  throw new Fault({ code: 'invalid', reason: 'FilesInvalid', message: '-f - : nothing was sent in' });
}

function tooMany(count: number, paths: readonly string[]): Fault {
  const message = `${paths.join(', ')}: these are ${count} files, and ${filesMax} go at once; name less`;
  return new Fault({ code: 'too-large', reason: 'FilesInvalid', message });
}
