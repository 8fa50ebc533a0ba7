import { gitFault } from '../git-faults.ts';
import { gitLimits, type GitLimits } from '../git-limits.ts';
import type { GitFile } from '../git-remote.ts';
import { printable } from '../printable.ts';
import type { ObjectStore } from './object-store.ts';
import { plainEntries, type PlainEntry } from './plain-entries.ts';
import { parseTree } from './parse-tree.ts';
import { requireObject } from './tree-at.ts';

/**
 * Every regular file below a tree, in the order of the tree, read from objects alone: no path of the repository ever
 * becomes a path of this machine. The id of a blob gives that one file, with an empty path.
 *
 * The first name, mode or size that is refused ends it with a fault that names the path. A file that points to Git LFS
 * is given as the pointer it is, and `.gitattributes` is a file like any other.
 */
export async function readFiles(
  store: Pick<ObjectStore, 'get'>,
  tree: string,
  limits: GitLimits = gitLimits,
): Promise<GitFile[]> {
  const root = await store.get(tree);
  if (root?.type === 'blob') return [{ path: '', mode: '100644', content: root.content, oid: tree }];
  const reading: Reading = { store, limits, files: [], entries: 0, bytes: 0 };
  await readDirectory(reading, { oid: tree, path: '', depth: 1 });
  return reading.files;
}

interface Reading {
  readonly store: Pick<ObjectStore, 'get'>;
  readonly limits: GitLimits;
  readonly files: GitFile[];
  entries: number;
  bytes: number;
}

interface Directory {
  readonly oid: string;
  readonly path: string;
  readonly depth: number;
}

async function readDirectory(reading: Reading, { oid, path, depth }: Directory): Promise<void> {
  const { limits, store } = reading;
  checkDepth(depth, path, limits);
  const { content } = await requireObject(store, oid, 'tree', path || '/');
  for (const entry of plainEntries(parseTree(content, path, limits), path)) {
    const place = path === '' ? entry.name : `${path}/${entry.name}`;
    checkCount(++reading.entries, place, limits);
    if (entry.kind === 'directory') await readDirectory(reading, { oid: entry.oid, path: place, depth: depth + 1 });
    else await readFile(reading, entry, place);
  }
}

async function readFile(reading: Reading, { oid, mode }: PlainEntry, path: string): Promise<void> {
  const { content } = await requireObject(reading.store, oid, 'blob', path);
  reading.bytes += content.byteLength;
  checkBytes(content.byteLength, reading.bytes, path, reading.limits);
  reading.files.push({ path, mode: mode === '100755' ? '100755' : '100644', content, oid });
}

export function checkDepth(depth: number, path: string, limits: GitLimits): void {
  if (depth <= limits.treeDepthMax) return;
  throw gitFault('GitTreeTooDeep', {
    message: `"${printable(path)}" lies deeper than ${limits.treeDepthMax} directories; move it up`,
    subject: path,
  });
}

export function checkCount(entries: number, path: string, limits: GitLimits): void {
  if (entries <= limits.filesMax) return;
  throw gitFault('GitTooManyFiles', {
    message: `more than ${limits.filesMax} files and directories, the last one "${printable(path)}"; narrow the path`,
    subject: path,
  });
}

function checkBytes(fileBytes: number, sumBytes: number, path: string, limits: GitLimits): void {
  if (fileBytes > limits.objectBytesMax) {
    throw gitFault('GitObjectTooLarge', {
      message: `"${printable(path)}" has ${fileBytes} bytes; at most ${limits.objectBytesMax} are read`,
      subject: path,
    });
  }
  if (sumBytes > limits.filesBytesMax) {
    throw gitFault('GitFilesTooLarge', {
      message: `the files up to "${printable(path)}" have more than ${limits.filesBytesMax} bytes; narrow the path`,
      subject: path,
    });
  }
}
