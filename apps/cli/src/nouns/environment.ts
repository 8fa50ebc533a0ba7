import type { DocumentView } from '@flotilla/contracts';
import type { EnvironmentDocument, LabelRequirement } from '@flotilla/model';
import { ageColumn, labelsText, nameColumn } from './cells.ts';
import { countColumns, documentNoun, ownerColumn, problemColumn } from './document.ts';

/** A named set of clusters, chosen by label. */
export const environment = documentNoun({
  kind: 'Environment',
  short: ['env', 'envs'],
  countedBy: 'environment',
  columns: [
    nameColumn,
    { header: 'CLUSTERS', text: selectorText },
    ...countColumns,
    ownerColumn,
    ageColumn,
    problemColumn,
  ],
});

/** The selector in kubectl's `-l` grammar, so that it can be tried: `flotilla get clusters -l …`. */
function selectorText({ spec }: DocumentView): string {
  const { matchLabels, matchExpressions = [] } = (spec as EnvironmentDocument['spec']).clusters;
  return [labelsText(matchLabels), ...matchExpressions.map(requirementText)].filter(Boolean).join(',');
}

function requirementText({ key, operator, values = [] }: LabelRequirement): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.join(', ')})`;
}
