import { operations, type RepairView } from '@flotilla/contracts';
import { shortCommit } from '@flotilla/model';
import type { Page } from '../output/page.ts';
import { ageColumn, nameColumn, reasonText, toneOf } from './cells.ts';
import { defineNoun } from './noun.ts';

/** What a rollback takes back in Git. */
export const repair = defineNoun<RepairView>({
  singular: 'repair',
  plural: 'repairs',
  short: [],
  endless: true,
  columns: [
    nameColumn,
    { header: 'REPOSITORY', text: ({ spec }) => spec.repository },
    { header: 'BRANCH', text: ({ spec }) => spec.branch },
    { header: 'STATE', text: ({ status }) => status.state, tone: ({ status }) => toneOf(status.state) },
    { header: 'BACK TO', text: ({ spec }) => shortCommit(spec.goodRevision) },
    { header: 'COMMIT', text: ({ status }) => (status.revert ? shortCommit(status.revert) : '') },
    { header: 'URL', text: ({ status }) => status.url ?? '' },
    { header: 'APPLICATIONS', wide: true, text: ({ spec }) => spec.applications.join(',') },
    { header: 'BY', wide: true, text: ({ spec }) => spec.actor },
    ageColumn,
    { header: 'REASON', text: ({ status }) => (status.reason ? reasonText(status.reason) : '') },
  ],
  filters: { repository: ({ spec }) => spec.repository },
  nameOf: ({ metadata }) => metadata.name,
  uidOf: ({ metadata }) => metadata.uid,
  list: ({ client, project }, query) => client.list(operations.listRepairs, { params: { project }, query }),
  page: async (_, item) => pageOf(item),
});

/** All of it: which paths, why, and what there is to decide. */
function pageOf({ metadata, spec, status }: RepairView): Page {
  const { revert, url, reason, conflicts } = status;
  return [
    {
      fields: [
        ['Name', metadata.name],
        ['Repository', `${spec.repository}, branch ${spec.branch}`],
        ['State', status.state],
        ['Why it waits', reason ? reasonText(reason) : ''],
        ['Back to', spec.goodRevision],
        ['From', spec.badRevision],
        ['Commit', revert ?? ''],
        ['Pull request', url ?? ''],
        ['Asked for by', spec.actor],
        ['Reason', spec.reason],
        ['Rollback', spec.rollback],
        ['Looks', String(status.attempts)],
        ['Applications', spec.applications.join(', ')],
        ['Paths', spec.paths.join(', ')],
        ['To decide', conflicts.join(', ')],
      ],
    },
  ];
}
