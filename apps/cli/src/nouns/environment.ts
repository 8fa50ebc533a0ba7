import type { DocumentView } from '@flotilla/contracts';
import type { EnvironmentDocument, LabelRequirement, LabelSelector } from '@flotilla/model';
import { ageColumn, labelsText, nameColumn } from './cells.ts';
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

/** The selector in kubectl's `-l` grammar, so that it can be tried: `flotilla get clusters -l …`. */
export function selectorText({ matchLabels, matchExpressions = [] }: LabelSelector): string {
  return [labelsText(matchLabels), ...matchExpressions.map(requirementText)].filter(Boolean).join(',');
}

function specOf({ spec }: DocumentView): EnvironmentDocument['spec'] {
  return spec as EnvironmentDocument['spec'];
}

function requirementText({ key, operator, values = [] }: LabelRequirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.join(', ')})`;
}
