import { gitFault, hasReason } from '../git-faults.ts';
import { gitLimits, type GitLimits } from '../git-limits.ts';
import type { CommitInfo } from '../git-remote.ts';
import { printable } from '../printable.ts';
import { pathSegments } from './git-path.ts';
import type { GitObject, GitObjectType } from './git-object.ts';
import type { ObjectStore } from './object-store.ts';
import { parseCommit } from './parse-commit.ts';
import { parseTree, type TreeEntry } from './parse-tree.ts';
import { plainEntry, type PlainEntry } from './plain-entries.ts';

/** The commit as the store holds it. */
export async function readCommit(store: Pick<ObjectStore, 'get'>, id: string): Promise<CommitInfo> {
  return parseCommit(id, (await requireObject(store, id, 'commit')).content);
}

/** The raw lines of one directory. Their names and modes were not judged: `readFiles` does that. */
export async function readTree(
  store: Pick<ObjectStore, 'get'>,
  oid: string,
  limits: GitLimits = gitLimits,
): Promise<TreeEntry[]> {
  return parseTree((await requireObject(store, oid, 'tree')).content, oid, limits);
}

/**
 * What a commit has at a path: a directory, a file, or nothing. A link or submodule on the way is a fault that names
 * it, and so is a name that stands there twice; what lies beside the way does not matter.
 */
export async function treeAt(
  store: Pick<ObjectStore, 'get'>,
  commit: string,
  path: string,
): Promise<PlainEntry | undefined> {
  const { tree } = await readCommit(store, commit);
  let found: PlainEntry | undefined = { kind: 'directory', mode: '40000', name: '', oid: tree };
  const walked: string[] = [];
  for (const segment of pathSegments(path)) {
    if (found.kind !== 'directory') return undefined;
    walked.push(segment);
    found = entryNamed(await readTree(store, found.oid), segment, walked.join('/'));
    if (!found) return undefined;
  }
  return found;
}

/** The one entry of that name, or nothing; two of them, or one that is no plain file or directory, is a fault. */
export function entryNamed(entries: readonly TreeEntry[], name: string, path: string): PlainEntry | undefined {
  const [entry, second] = entries.filter((candidate) => candidate.name === name);
  if (second) {
    throw gitFault('GitNameAmbiguous', {
      message: 'a directory of the repository lists this name twice; write the directory again in a new commit',
      subject: path,
    });
  }
  return entry && plainEntry(entry, path);
}

/** Whether a fault was raised by what a commit has at a path, and not by reading it. */
export function isNotPlain(thrown: unknown): boolean {
  return hasReason(thrown, 'GitSymlinkRefused', 'GitSubmoduleRefused', 'GitModeRefused', 'GitNameAmbiguous');
}

export async function requireObject(
  store: Pick<ObjectStore, 'get'>,
  oid: string,
  type: GitObjectType,
  place = oid,
): Promise<GitObject> {
  const object = await store.get(oid);
  if (!object) throw missing(oid, type);
  return requireType(object, type, place);
}

/** What a tree calls a directory has to be one, and what it calls a file, too. */
export function requireType(object: GitObject, type: GitObjectType, place: string): GitObject {
  if (object.type === type) return object;
  throw gitFault('GitTreeMalformed', {
    message: `"${printable(place)}" is a ${object.type} where a ${type} should be; write it again in a new commit`,
    subject: place,
  });
}

function missing(oid: string, type: string) {
  return gitFault('GitObjectMissing', { message: `${type} ${oid} is not held here; pull it again`, subject: oid });
}
