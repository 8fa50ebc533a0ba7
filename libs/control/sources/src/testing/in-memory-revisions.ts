import type { RepositoryDocument } from '@flotilla/model';
import { readersOf } from '../inputs.ts';
import type { RevisionObserved, Revisions, TrackedRef, WatchedRepository } from '../revisions.port.ts';
import type { InMemoryDocuments, Mark } from './in-memory-documents.ts';

interface SeenRef {
  readonly commit: string;
  /** The tree of each path that is read there; `undefined` where the commit has nothing. */
  readonly trees: ReadonlyMap<string, string | undefined>;
}

/** What was seen in Git, in memory, next to the documents that say who reads what. */
export class InMemoryRevisions implements Revisions {
  readonly #documents: InMemoryDocuments;
  readonly #mark: Mark;
  readonly #seen = new Map<string, SeenRef>();

  constructor({ documents, mark = () => undefined }: { documents: InMemoryDocuments; mark?: Mark }) {
    this.#documents = documents;
    this.#mark = mark;
  }

  async watched(repository: string): Promise<WatchedRepository | undefined> {
    const document = this.#repository(repository);
    if (!document) return undefined;
    const { name, project } = document.metadata;
    const readers = readersOf(name, this.#documents.stored(project));
    const refs = [...new Set(readers.map(({ ref }) => ref))];
    const configured = this.#documents.configured(repository);
    return {
      uid: repository,
      document,
      readers,
      refs: refs.map((ref) => this.#tracked(repository, ref)),
      ...(configured && { configured }),
    };
  }

  async record({ repository, ref, commit, trees, readers }: RevisionObserved): Promise<readonly string[]> {
    if (!this.#repository(repository)) return [];
    const known = this.seen(repository, ref)?.trees ?? new Map<string, string | undefined>();
    const changed = [...trees].filter(([path, tree]) => !known.has(path) || known.get(path) !== tree);
    const paths = new Set(changed.map(([path]) => path));
    this.#seen.set(placeOf(repository, ref), { commit: commit.id, trees: new Map(trees) });
    const affected = readers.filter((reader) => reader.paths.some((path) => paths.has(path)));
    const applications = [...new Set(affected.map(({ application }) => application))];
    this.#mark('plan', applications);
    return applications;
  }

  /** Where a ref was last seen, and what is there. */
  seen(repository: string, ref: string): SeenRef | undefined {
    return this.#seen.get(placeOf(repository, ref));
  }

  #tracked(repository: string, ref: string): TrackedRef {
    const seen = this.seen(repository, ref);
    return { ref, known: new Set(seen?.trees.keys()), ...(seen && { commit: seen.commit }) };
  }

  #repository(uid: string): RepositoryDocument | undefined {
    const document = this.#documents.byUid(uid)?.document;
    return document?.kind === 'Repository' ? document : undefined;
  }
}

function placeOf(repository: string, ref: string): string {
  return `${repository} ${ref}`;
}
