import type { Labels, LabelSelector } from './selector.ts';

/** A selector in kubectl's `-l` grammar, so that it can be tried: `flotilla get clusters -l …`. */
export function selectorText({ matchLabels, matchExpressions = [] }: LabelSelector): string {
  return [labelsText(matchLabels), ...matchExpressions.map(requirementText)].filter(Boolean).join(',');
}

/** Labels in one line, by key: `region=eu,stage=production`. */
export function labelsText(labels: Labels = {}): string {
  return Object.entries(labels)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function requirementText({
  key,
  operator,
  values = [],
}: NonNullable<LabelSelector['matchExpressions']>[number]): string {
  if (operator === 'Exists') return key;
  if (operator === 'DoesNotExist') return `!${key}`;
  return `${key} ${operator.toLowerCase()} (${values.join(', ')})`;
}
