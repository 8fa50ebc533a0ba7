import type { ReleaseFacts } from '../facts.ts';
import type { Author } from './promotion-facts.ts';

type Brought = Pick<ReleaseFacts, 'revision' | 'digests'>;

interface Written {
  /** Newest first, from the one that is asked about on. */
  readonly releases: readonly Brought[];
  /** By revision. */
  readonly authors: Readonly<Record<string, Author>>;
}

/**
 * Who wrote what a release brings an environment: its own commit, and those before it that brought the very same. A commit
 * that changes something elsewhere carries on what is there, and makes it nobody else's.
 */
export function writersOf(environment: string, { releases, authors }: Written): readonly Author[] {
  const digest = releases[0]?.digests[environment];
  const changed = releases.findIndex(({ digests }) => digests[environment] !== digest);
  const same = changed === -1 ? releases : releases.slice(0, changed);
  return same.flatMap(({ revision }) => authors[revision] ?? []);
}

/** Git knows a writer by name and address, and an API token somebody by a name: any of them that is the same is the same person. */
export function isWriter(writers: readonly Author[], who: string): boolean {
  return writers.some(({ name, email = '' }) => {
    const known = [name, email, email.split('@', 1)[0]!].filter((text) => text !== '');
    return known.some((text) => text.toLowerCase() === who.toLowerCase());
  });
}
