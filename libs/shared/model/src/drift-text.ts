import type { DriftedField } from './target-status.ts';

/** Who changed which fields of one object, in one line: values stay where they are, for they may be secret. */
export function driftText([first, ...more]: readonly DriftedField[]): string {
  if (!first) return '';
  const others = more.length > 0 ? ` (and ${more.length} more ${more.length > 1 ? 'fields' : 'field'})` : '';
  // Whoever deletes an object leaves no trace on it.
  if (first.field === '') return `${first.object} was deleted, and not by us${others}`;
  return `${first.object}: ${first.field} was ${authorText(first)}${others}`;
}

/** `changed by kubectl-edit at 2026-01-01T00:00:00Z` */
export function authorText({ manager, at, removed }: Pick<DriftedField, 'manager' | 'at' | 'removed'>): string {
  // Nobody owns what is not there, so who wrote last is as much as can be said.
  const what = removed ? 'removed, and last written' : 'changed';
  return `${what} by ${manager}${at === undefined ? '' : ` at ${at}`}`;
}
