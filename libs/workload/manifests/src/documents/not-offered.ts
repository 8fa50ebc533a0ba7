import type { DocumentKind } from '@flotilla/model';
import type { ValuePath } from '../yaml/source-problem.ts';

/**
 * Fields that the design shows and the schemas do not take yet. Whoever writes one knows what they want, so they are
 * told the truth instead of "unknown field". A field leaves this table when its schema takes it. `*` is any one name.
 */
const table: Partial<Record<DocumentKind, readonly string[]>> = {
  Pipeline: ['spec.stages[].gates[].metric'],
};

export const notOfferedMessage = 'is part of the design but not offered yet; remove it';

export function isNotOffered(kind: DocumentKind, path: ValuePath): boolean {
  const steps = path.map((step) => (typeof step === 'number' ? '[]' : step));
  return table[kind]?.some((field) => isNamed(field, steps)) ?? false;
}

function isNamed(field: string, steps: readonly string[]): boolean {
  const names = field.replaceAll('[]', '.[]').split('.');
  return names.length === steps.length && names.every((name, index) => name === '*' || name === steps[index]);
}
