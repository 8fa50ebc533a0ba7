import type { Author, ReleaseFacts } from '@flotilla/control-delivery';
import type { Transaction } from '../transaction.ts';

/** Who wrote the commits of these releases, as the repository of their application says; by commit, those that are known. */
export async function readAuthors(
  transaction: Transaction,
  application: string,
  releases: readonly Pick<ReleaseFacts, 'revision'>[],
): Promise<Readonly<Record<string, Author>>> {
  const rows = await transaction.query<Author & { readonly commit: string }>(
    `SELECT commit, author AS name, author_email AS email FROM document application
     JOIN document repository ON repository.project = application.project AND repository.kind = 'Repository'
       AND repository.name = application.spec -> 'source' ->> 'repository'
     JOIN revision ON revision.repository = repository.uid AND revision.commit = ANY($2)
     WHERE application.uid = $1`,
    [application, releases.map(({ revision }) => revision)],
  );
  return Object.fromEntries(rows.map(({ commit, ...author }) => [commit, author]));
}
