import { gitFault } from '../git-faults.ts';
import { gitLimits } from '../git-limits.ts';
import type { GitObject } from '../objects/git-object.ts';
import { parseCommit } from '../objects/parse-commit.ts';
import { parseTree, type TreeEntry } from '../objects/parse-tree.ts';
import type { FetchContext, FetchRequest, ObjectSource } from '../pull/object-source.ts';
import type { InMemoryGitRepository } from './in-memory-git-repository.ts';

/** Answers fetches from a repository in memory by the rules of a real host: wants, haves, depth and filters. */
export class RepositorySource implements ObjectSource {
  readonly #repository: InMemoryGitRepository;
  readonly #hasFilters: boolean;

  constructor(repository: InMemoryGitRepository, options: { readonly hasFilters: boolean }) {
    this.#repository = repository;
    this.#hasFilters = options.hasFilters;
  }

  async fetch(request: FetchRequest, { budget, objectsMax }: FetchContext): Promise<readonly GitObject[]> {
    budget.traffic.requests++;
    budget.traffic.up += JSON.stringify(request).length;
    const objects = this.#answer(request);
    if (objects.length > objectsMax) {
      throw gitFault('GitTooManyObjects', {
        message: `the answer has ${objects.length} objects, ${objectsMax} at most`,
      });
    }
    for (const { content } of objects) {
      budget.spend(content.byteLength);
      budget.traffic.down += content.byteLength;
    }
    return objects;
  }

  #answer({ wants, have, haveIsShallow, filter, tipOnly }: FetchRequest): GitObject[] {
    const known = have && this.#repository.object(have) ? this.#held(have, haveIsShallow === true) : new Set<string>();
    const sent = new Map<string, GitObject>();
    for (const want of wants) {
      if (!this.#repository.object(want)) throw unknown(want);
      const depth = this.#hasFilters && filter ? filterDepths[filter] : everything;
      this.#collect(want, { sent, known, depth, tipOnly: tipOnly === true });
    }
    return [...sent.values()];
  }

  #collect(oid: string, walk: Collecting): void {
    const object = this.#repository.object(oid);
    if (!object || walk.known.has(oid) || walk.sent.has(oid)) return;
    walk.sent.set(oid, object);
    if (object.type === 'commit') {
      const { tree, parents } = parseCommit(oid, object.content);
      if (walk.depth.trees > 0) this.#collect(tree, { ...walk, depth: deeper(walk.depth) });
      if (!walk.tipOnly) for (const parent of parents) this.#collect(parent, walk);
    }
    if (object.type !== 'tree') return;
    for (const entry of entriesOf(object)) {
      if (entry.mode === '40000' ? walk.depth.trees > 0 : walk.depth.blobs) {
        this.#collect(entry.oid, { ...walk, depth: deeper(walk.depth) });
      }
    }
  }

  /** Everything a client has that has this commit; without history when it says that its copy is shallow. */
  #held(commit: string, isShallow: boolean): Set<string> {
    const sent = new Map<string, GitObject>();
    this.#collect(commit, { sent, known: new Set(), depth: everything, tipOnly: isShallow });
    return new Set(sent.keys());
  }
}

interface Collecting {
  readonly sent: Map<string, GitObject>;
  readonly known: ReadonlySet<string>;
  readonly depth: Depth;
  readonly tipOnly: boolean;
}

interface Depth {
  /** How many levels of directories below what was wanted. */
  readonly trees: number;
  readonly blobs: boolean;
}

const everything: Depth = { trees: Infinity, blobs: true };

const filterDepths: Readonly<Record<NonNullable<FetchRequest['filter']>, Depth>> = {
  'tree:0': { trees: 0, blobs: false },
  'tree:1': { trees: 1, blobs: false },
  'blob:none': { trees: Infinity, blobs: false },
};

/** A host passes on what it does not understand; judging it is for whoever reads it. */
function entriesOf(tree: GitObject): TreeEntry[] {
  try {
    return parseTree(tree.content, '', gitLimits);
  } catch {
    return [];
  }
}

function deeper(depth: Depth): Depth {
  return { ...depth, trees: depth.trees - 1 };
}

function unknown(oid: string) {
  return gitFault('GitCommitNotFound', { message: `the repository does not have ${oid}`, subject: oid });
}
