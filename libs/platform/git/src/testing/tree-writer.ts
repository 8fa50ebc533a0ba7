import { gitObject, type GitObject } from '../objects/git-object.ts';
import type { TreeEntry } from '../objects/parse-tree.ts';

/** A tree object from lines as they are given: no order, no name and no mode is put right. */
export function treeObject(entries: readonly TreeEntry[]): GitObject {
  const lines = entries.map(({ mode, name, oid }) =>
    Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(oid, 'hex')]),
  );
  return gitObject('tree', Buffer.concat(lines));
}

/** Git's own order: a directory stands where its name with a slash would. */
export function inTreeOrder(entries: readonly TreeEntry[]): TreeEntry[] {
  return entries.toSorted((left, right) => sortKey(left).compare(sortKey(right)));
}

function sortKey({ mode, name }: TreeEntry): Buffer {
  return Buffer.from(mode === '40000' ? `${name}/` : name);
}
