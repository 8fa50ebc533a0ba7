import { operations, type RevisionView } from '@flotilla/contracts';
import { ageText, nameColumn } from './cells.ts';
import { defineNoun } from './noun.ts';

/** A commit that was seen. */
export const revision = defineNoun<RevisionView>({
  singular: 'revision',
  plural: 'revisions',
  short: ['rev', 'revs'],
  endless: true,
  columns: [
    nameColumn,
    { header: 'REPOSITORY', text: ({ spec }) => spec.repository },
    { header: 'REF', text: ({ spec }) => spec.ref.replace(/^refs\/(heads|tags)\//, '') },
    { header: 'COMMIT', wide: true, text: ({ spec }) => spec.commit },
    { header: 'SEEN', moving: true, text: ({ status }, now) => ageText(status.seenAt, now) },
    { header: 'AUTHOR', text: ({ status }) => status.author },
    { header: 'SUBJECT', text: ({ status }) => status.subject },
  ],
  filters: { repository: ({ spec }) => spec.repository },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listRevisions, { params: { project }, query }),
});
