import type { FieldsV1, KubeObject, ManagedFields } from '@flotilla/model';
import { containsField } from './find-field.ts';

/** The fields that a manager has applied and still owns; `undefined` when it applied nothing. */
export function ownedFields(object: KubeObject, manager: string): FieldsV1 | undefined {
  const own = managedFieldsOf(object).find(
    (entry) => entry.manager === manager && entry.operation === 'Apply' && !entry.subresource,
  );
  return own?.fieldsV1;
}

/** Everybody who owns a field, named as the API server names it: managers with their operation and time. */
export function whoOwns(object: KubeObject, field: string): readonly ManagedFields[] {
  return managedFieldsOf(object).filter(({ fieldsV1 }) => containsField(fieldsV1, field));
}

/** The entry that was written last; nothing where there is none. */
export function newestEntry(entries: readonly ManagedFields[]): ManagedFields | undefined {
  return entries.toSorted((left, right) => (left.time ?? '').localeCompare(right.time ?? '')).at(-1);
}

export function managedFieldsOf(object: KubeObject): readonly ManagedFields[] {
  return (object.metadata.managedFields ?? []).filter((entry) => Boolean(entry.fieldsV1));
}
