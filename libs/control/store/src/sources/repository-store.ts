import type { Repositories, StoredRepository } from '@flotilla/control-sources';
import type { RepositoryDocument } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import type { Store } from '../store.ts';
import { ownedDocument } from './document-store.ts';

/** Repositories in PostgreSQL. */
export class RepositoryStore implements Repositories {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async byUid(uid: string): Promise<StoredRepository | undefined> {
    return stored(await this.#store.manager.findOneBy(DocumentRow, { uid, kind: 'Repository' }));
  }

  async byName(project: string, name: string): Promise<StoredRepository | undefined> {
    return stored(await this.#store.manager.findOneBy(DocumentRow, { project, name, kind: 'Repository' }));
  }

  lookSoon(uid: string): Promise<void> {
    return this.#store.mark('repository', uid);
  }
}

function stored(row: DocumentRow | null): StoredRepository | undefined {
  return row ? { uid: row.uid, document: ownedDocument(row).document as RepositoryDocument } : undefined;
}
