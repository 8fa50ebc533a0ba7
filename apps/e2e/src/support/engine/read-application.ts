import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files of an application as they stand in Git, below the path that its entry names. */
export type ApplicationFiles = Readonly<Record<string, string>>;

const folder = join(import.meta.dirname, '..', '..', 'applications');

/** Reads one of the applications that are written for tests; `said` stands for what only a run of the test knows. */
export function readApplication(name: string, said: Readonly<Record<string, string>> = {}): ApplicationFiles {
  const files = readdirSync(join(folder, name)).filter((file) => file.endsWith('.yaml'));
  return Object.fromEntries(
    files.map((file) => [`app/${file}`, replaced(readFileSync(join(folder, name, file), 'utf8'), said)]),
  );
}

/** The same files with one of them as somebody edited it. An edit that changes nothing is a mistake in the test. */
export function edited(
  files: ApplicationFiles,
  file: string,
  edits: Readonly<Record<string, string>>,
): ApplicationFiles {
  const path = `app/${file}`;
  return { ...files, [path]: replaced(files[path]!, edits) };
}

export function without(files: ApplicationFiles, ...gone: readonly string[]): ApplicationFiles {
  return Object.fromEntries(Object.entries(files).filter(([path]) => !gone.includes(path.slice('app/'.length))));
}

function replaced(text: string, edits: Readonly<Record<string, string>>): string {
  return Object.entries(edits).reduce((before, [from, to]) => before.replaceAll(from, to), text);
}
