import type { GitLimits } from '../git-limits.ts';
import type { GitObject } from './git-object.ts';
import { parseTree, type TreeEntry } from './parse-tree.ts';
import { RecentSizes } from './recent-sizes.ts';
import { requireType } from './tree-at.ts';

/** A name that stands in a directory twice has two entries. */
export type NamedEntries = ReadonlyMap<string, readonly TreeEntry[]>;

/** An entry takes about 250 bytes: a directory that has more is read anew each time, and so is one of a few, which costs nothing. */
const entries = { min: 16, max: 4_096 } as const;

/**
 * Directories as they were read last, by their content. A thousand paths of one commit lead through the same few, and to
 * read one of a thousand names a thousand times would be most of what such a pull costs.
 */
export class KnownDirectories {
  readonly #known = new Map<string, NamedEntries>();
  readonly #recent = new RecentSizes(entries.max);

  read(tree: GitObject, place: string, limits: GitLimits): NamedEntries {
    this.#recent.touch(tree.oid);
    return this.#known.get(tree.oid) ?? this.#keep(tree, place, limits);
  }

  #keep(tree: GitObject, place: string, limits: GitLimits): NamedEntries {
    const read = parseTree(requireType(tree, 'tree', place || '/').content, place, limits);
    const named = Map.groupBy(read, ({ name }) => name);
    if (read.length < entries.min || read.length > entries.max) return named;
    this.#known.set(tree.oid, named);
    this.#recent.add(tree.oid, read.length);
    for (const oid of this.#recent.evict()) this.#known.delete(oid);
    return named;
  }
}
