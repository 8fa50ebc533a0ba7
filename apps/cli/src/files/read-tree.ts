import type { Dirent } from 'node:fs';
import { lstat, readFile, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { Fault, toFault } from '@flotilla/foundation';
import type { RenderFile } from '@flotilla/workload-render';

/** What no application is, and no memory should hold. */
const bytesMax = 64 * 1024 * 1024;

export interface ReadTreeOptions {
  /** What a program reads may have any name. Otherwise only what may be a manifest, or tells of another renderer. */
  readonly everything?: boolean;
}

/** Everything below a path that a renderer may want to see, as Git would hold it: links are not followed. */
export async function readTree(path: string, { everything = false }: ReadTreeOptions = {}): Promise<RenderFile[]> {
  const files: RenderFile[] = [];
  let bytes = 0;
  for (const file of await filesBelow(path, everything ? isOfGit : isOfManifests)) {
    const content = await readFile(file).catch((error: unknown) => {
      throw wrong(file, `cannot be read: ${toFault(error).message}`);
    });
    bytes += content.length;
    if (bytes > bytesMax) throw wrong(path, `holds more than ${bytesMax / 1024 / 1024} MiB`);
    files.push({ path: file, content });
  }
  return files;
}

async function filesBelow(path: string, isWanted: (entry: Dirent) => boolean): Promise<string[]> {
  const kind = await lstat(path).catch((error: NodeJS.ErrnoException) => {
    throw wrong(path, error.code === 'ENOENT' ? 'there is no such file or folder' : error.message);
  });
  if (!kind.isDirectory()) return [path];
  const found: string[] = [];
  for (const entry of (await readdir(path, { withFileTypes: true })).filter(isWanted)) {
    const below = posix.join(path, entry.name);
    if (entry.isDirectory()) found.push(...(await filesBelow(below, isWanted)));
    else if (entry.isFile()) found.push(below);
  }
  return found;
}

/** Folders that nobody commits are nothing that an agent would see. */
function isOfGit({ name }: Dirent): boolean {
  return name !== '.git' && name !== 'node_modules';
}

/** Names that begin with a dot belong to tools. */
function isOfManifests(entry: Dirent): boolean {
  if (entry.name.startsWith('.') || !isOfGit(entry)) return false;
  return entry.isDirectory() || /\.(ya?ml|json)$|^Kustomization$/.test(entry.name);
}

function wrong(path: string, why: string): Fault {
  return new Fault({ code: 'invalid', reason: 'FilesInvalid', message: `${path}: ${why}` });
}
