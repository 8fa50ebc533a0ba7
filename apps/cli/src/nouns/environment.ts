import type { DocumentView } from '@flotilla/contracts';
import { selectorText, type EnvironmentDocument } from '@flotilla/model';
import { ageColumn, nameColumn } from './cells.ts';
import { countColumns, documentNoun, ownerColumn, problemColumn } from './document.ts';

/** A named set of clusters, chosen by label. */
export const environment = documentNoun({
  kind: 'Environment',
  short: ['env', 'envs'],
  countedBy: 'environment',
  columns: [
    nameColumn,
    { header: 'CLUSTERS', text: (item) => selectorText(specOf(item).clusters) },
    ...countColumns,
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

function specOf({ spec }: DocumentView): EnvironmentDocument['spec'] {
  return spec as EnvironmentDocument['spec'];
}
