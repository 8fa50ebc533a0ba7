import type { ApplicationDocument } from '@flotilla/model';
import type { DocumentView } from '@flotilla/contracts';
import { ageColumn, nameColumn } from './cells.ts';
import { countColumns, documentNoun, ownerColumn, problemColumn } from './document.ts';

/** A service: where its manifests are, and the pipeline that brings them to clusters. */
export const application = documentNoun({
  kind: 'Application',
  short: ['app', 'apps'],
  countedBy: 'application',
  columns: [
    nameColumn,
    { header: 'PIPELINE', text: (item) => specOf(item).pipeline },
    { header: 'REPOSITORY', text: (item) => specOf(item).source.repository },
    { header: 'PATH', wide: true, text: (item) => specOf(item).source.path },
    ...countColumns,
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

function specOf({ spec }: DocumentView): ApplicationDocument['spec'] {
  return spec as ApplicationDocument['spec'];
}
