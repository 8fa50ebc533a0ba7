import type { Repositories, StoredRepository } from '../repositories.port.ts';
import type { StoredDocument } from '../documents.port.ts';
import type { InMemoryDocuments, Mark } from './in-memory-documents.ts';

/** The repositories among the documents in memory. */
export class InMemoryRepositories implements Repositories {
  readonly #documents: InMemoryDocuments;
  readonly #mark: Mark;

  constructor({ documents, mark = () => undefined }: { documents: InMemoryDocuments; mark?: Mark }) {
    this.#documents = documents;
    this.#mark = mark;
  }

  async byUid(uid: string): Promise<StoredRepository | undefined> {
    return asRepository(this.#documents.byUid(uid));
  }

  async byName(project: string, name: string): Promise<StoredRepository | undefined> {
    return asRepository(this.#documents.byKey({ project, kind: 'Repository', name }));
  }

  async lookSoon(uid: string): Promise<void> {
    this.#mark('repository', [uid]);
  }
}

function asRepository(stored: StoredDocument | undefined): StoredRepository | undefined {
  return stored?.document.kind === 'Repository' ? { uid: stored.uid, document: stored.document } : undefined;
}
