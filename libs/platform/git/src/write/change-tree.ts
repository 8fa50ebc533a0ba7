import { gitFault } from '../git-faults.ts';
import type { FileChange } from '../git-writer.ts';
import { gitObject, type GitObject } from '../objects/git-object.ts';
import { pathSegments } from '../objects/git-path.ts';
import { requirePlainPath } from '../objects/plain-entries.ts';
import { printable } from '../printable.ts';
import { directoryMode, rawName, rawTree, rawTreeObject, readableName, type RawEntry } from './raw-tree.ts';

/** A directory after a change, and the objects that are new in it. */
export interface ChangedTree {
  /** Nothing when it is empty afterwards: then Git has no such directory. */
  readonly oid: string | undefined;
  readonly objects: readonly GitObject[];
}

type ReadTree = (oid: string) => Promise<GitObject>;

/**
 * Changes files below a directory. Only directories on the way to a change are read and written again, and nothing leaves
 * that is not named: what stands where a directory or a file would be is refused.
 */
export async function changeTree(
  read: ReadTree,
  root: string | undefined,
  changes: ReadonlyMap<string, FileChange>,
): Promise<ChangedTree> {
  const node: ChangeNode = { files: new Map(), below: new Map() };
  for (const [path, change] of changes) {
    // What is put back may be called as it was.
    if (change && 'content' in change) requirePlainPath(path);
    plant(node, pathSegments(path), change);
  }
  return changeDirectory({ read, place: [] }, root, node);
}

interface ChangeNode {
  readonly files: Map<string, FileChange>;
  readonly below: Map<string, ChangeNode>;
}

function plant(node: ChangeNode, [name = '', ...rest]: readonly string[], change: FileChange): void {
  if (rest.length === 0) {
    node.files.set(rawName(name), change);
    return;
  }
  const known = node.below.get(rawName(name)) ?? { files: new Map(), below: new Map() };
  node.below.set(rawName(name), known);
  plant(known, rest, change);
}

interface Place {
  readonly read: ReadTree;
  /** The raw names that lead there. */
  readonly place: readonly string[];
}

async function changeDirectory(
  { read, place }: Place,
  oid: string | undefined,
  node: ChangeNode,
): Promise<ChangedTree> {
  const before = oid === undefined ? [] : rawTree((await read(oid)).content, oid);
  const entries = new Map(before.map((entry) => [entry.name, entry]));
  const objects: GitObject[] = [];
  // What leaves first: a file may make room for a directory of its name, or a directory for a file.
  for (const [name, change] of node.files)
    if (!change && entries.get(name)?.mode !== directoryMode) entries.delete(name);
  for (const [name, below] of node.below) {
    const known = entries.get(name);
    const here = [...place, name];
    const changed = await changeDirectory(
      { read, place: here },
      known?.mode === directoryMode ? known.oid : undefined,
      below,
    );
    objects.push(...changed.objects);
    if (changed.oid && known && known.mode !== directoryMode) throw taken(here, 'is no directory');
    if (changed.oid) entries.set(name, { mode: directoryMode, name, oid: changed.oid });
    else if (known?.mode === directoryMode) entries.delete(name);
  }
  for (const [name, change] of node.files) {
    if (!change) continue;
    if (entries.get(name)?.mode === directoryMode) throw taken([...place, name], 'is a directory');
    entries.set(name, entryOf(name, change, objects));
  }
  if (entries.size === 0) return { oid: undefined, objects };
  const tree = rawTreeObject([...entries.values()]);
  return { oid: tree.oid, objects: tree.oid === oid ? objects : [...objects, tree] };
}

function entryOf(name: string, change: NonNullable<FileChange>, objects: GitObject[]): RawEntry {
  if ('oid' in change) return { name, mode: change.mode, oid: change.oid };
  const blob = gitObject('blob', change.content);
  objects.push(blob);
  return { name, mode: '100644', oid: blob.oid };
}

/** Whatever somebody else put there is theirs to move. */
function taken(place: readonly string[], what: string) {
  const path = place.map(readableName).join('/');
  const message = `"${printable(path)}" ${what} there, and is not taken away; move it, or write elsewhere`;
  return gitFault('GitPathTaken', { message, subject: path });
}
