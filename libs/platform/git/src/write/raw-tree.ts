import { gitLimits, type GitLimits } from '../git-limits.ts';
import { gitObject, type GitObject } from '../objects/git-object.ts';
import { parseTree } from '../objects/parse-tree.ts';

/**
 * One line of a directory whose name is kept byte for byte, one character a byte: what is not changed has to come out as it
 * went in, also when it is no UTF-8.
 */
export interface RawEntry {
  readonly mode: string;
  readonly name: string;
  readonly oid: string;
}

export const directoryMode = '40000';

export function rawTree(content: Uint8Array, place: string, limits: GitLimits = gitLimits): RawEntry[] {
  return parseTree(content, place, limits, 'latin1');
}

/** The directory with these entries, in Git's own order: a directory stands where its name with a slash would. */
export function rawTreeObject(entries: readonly RawEntry[]): GitObject {
  const lines = entries
    .toSorted((left, right) => (sortKey(left) < sortKey(right) ? -1 : 1))
    .map(({ mode, name, oid }) => Buffer.concat([Buffer.from(`${mode} ${name}\0`, 'latin1'), Buffer.from(oid, 'hex')]));
  return gitObject('tree', Buffer.concat(lines));
}

/** One character a byte, so that strings sort as bytes do. */
function sortKey({ mode, name }: RawEntry): string {
  return mode === directoryMode ? `${name}/` : name;
}

/** A name as people write it, as the bytes that Git has for it. */
export function rawName(name: string): string {
  return Buffer.from(name, 'utf8').toString('latin1');
}

/** The way back; bytes that are not UTF-8 show as U+FFFD. */
export function readableName(raw: string): string {
  return Buffer.from(raw, 'latin1').toString('utf8');
}
