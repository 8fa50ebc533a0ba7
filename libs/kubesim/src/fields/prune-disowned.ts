import type { Json, SchemaType } from '../schema/schema-type.ts';
import { difference, emptySet, intersection, isEmptySet, union, type FieldSet } from './field-set.ts';
import type { Owner, Owners } from './managers.ts';
import { withNamedFields } from './named-fields.ts';
import { removeItems } from './remove-items.ts';
import { toFieldSet } from './to-field-set.ts';

export interface Pruning {
  readonly merged: Json;
  /** What the applier owned before this apply. */
  readonly last: Owner;
  /** All owners, the applier with what it owns from now on. */
  readonly owners: Owners;
  /** What the applier owns from now on. */
  readonly fields: FieldSet;
  readonly typeOf: (apiVersion: string) => SchemaType | undefined;
}

/**
 * Removes what the applier owned, applies no longer, and nobody else owns. Whole subtrees go first; then what others
 * own comes back, and then what nobody owned: defaults and what the server added.
 */
export function pruneDisowned({ merged, last, owners, fields, typeOf }: Pruning): Json {
  const type = typeOf(last.apiVersion);
  // Whoever still applies all that it applied before has nothing to prune: the common case, and the cheap one.
  if (!type || isEmptySet(difference(last.fields, fields))) return merged;
  const lastFields = withNamedFields(last.fields, type);
  const mergedFields = withNamedFields(toFieldSet(type, merged), type);
  const fieldsOf = (value: Json) => withNamedFields(toFieldSet(type, value), type);

  const withoutLast = removeItems(type, merged, lastFields);
  const owned = union(fieldsOf(withoutLast), withNamedFields(ownedFields(owners, typeOf), type));
  const withOwned = removeItems(type, merged, difference(mergedFields, owned));
  const disowned = intersection(difference(mergedFields, fieldsOf(withOwned)), lastFields);
  return removeItems(type, merged, disowned);
}

function ownedFields(owners: Owners, typeOf: (apiVersion: string) => SchemaType | undefined): FieldSet {
  let all = emptySet;
  for (const { fields, apiVersion } of owners.values()) if (typeOf(apiVersion)) all = union(all, fields);
  return all;
}
