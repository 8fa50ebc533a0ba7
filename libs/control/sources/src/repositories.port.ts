import type { RepositoryDocument } from '@flotilla/model';

/** A repository's document, and the identity that its work is keyed by. */
export interface StoredRepository {
  readonly uid: string;
  readonly document: RepositoryDocument;
}

/** Repositories, and the order to look at one. */
export interface Repositories {
  byUid(uid: string): Promise<StoredRepository | undefined>;
  byName(project: string, name: string): Promise<StoredRepository | undefined>;
  /** Marks the repository to be looked at as soon as a replica is free. Many orders in a row are one look. */
  lookSoon(uid: string): Promise<void>;
}
