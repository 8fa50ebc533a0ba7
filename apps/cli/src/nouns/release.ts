import { operations, type ReleaseView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import { ageColumn, nameColumn } from './cells.ts';
import { defineNoun } from './noun.ts';

/** What walks a pipeline: one commit of one application. */
export const release = defineNoun<ReleaseView>({
  singular: 'release',
  plural: 'releases',
  short: ['rel'],
  endless: true,
  columns: [
    nameColumn,
    { header: 'APPLICATION', text: ({ spec }) => spec.application },
    { header: 'REVISION', text: ({ spec }) => shortCommit(spec.revision) },
    { header: 'STANDS', text: standsText },
    { header: 'TARGETS', text: ({ status }) => String(status.targets) },
    { header: 'ENVIRONMENTS', wide: true, text: ({ spec }) => Object.keys(spec.digests).join(',') },
    ageColumn,
  ],
  filters: { application: ({ spec }) => spec.application },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listReleases, { params: { project }, query }),
});

/** Where it stands, environment by environment; in those that are not named it has nothing to do. */
function standsText({ status }: ReleaseView): string {
  return Object.entries(status.stands)
    .map(([environment, state]) => `${environment} ${state}`)
    .join(', ');
}
