import type { FieldsV1, KubeObject } from '@flotilla/model';
import { managedFieldsOf } from './owners.ts';
import { withoutFields } from './remove-fields.ts';
import { selectByKey } from './select.ts';

/** Values at owned fields, in the shape of the fields: the items of lists stand under their keys, not in their order. */
export type OwnedValues = { readonly [key: string]: unknown };

/**
 * What an object holds at these fields and nowhere else: two objects differ here exactly when somebody changed what we
 * own. Defaults and other managers' fields do not count; neither do fields that others put inside a mapping or list
 * which we own as a whole.
 */
export function ownedValues(object: KubeObject, fields: FieldsV1): OwnedValues {
  const others = managedFieldsOf(object).map(({ fieldsV1 }) => fieldsV1);
  return valuesIn(object, fields, others);
}

function valuesIn(value: unknown, fields: FieldsV1, others: readonly FieldsV1[]): OwnedValues {
  const values: [string, unknown][] = [];
  for (const [key, child] of Object.entries(fields)) {
    const found = key === '.' ? undefined : selectByKey(value, key);
    if (found === undefined) continue;
    const below = others.flatMap((other) => (Object.hasOwn(other, key) ? [other[key]!] : []));
    const owned = Object.keys(child).length === 0 ? wholeValue(found, below) : valuesIn(found, child, below);
    if (isWorthNaming(owned, child)) values.push([key, owned]);
  }
  return Object.fromEntries(values);
}

/** A field that we own as a whole, without what others own inside it. */
function wholeValue(value: unknown, others: readonly FieldsV1[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return others.reduce(withoutFields, value);
}

/** What only leads to our fields, and has none of them any more, is as good as absent. */
function isWorthNaming(owned: unknown, fields: FieldsV1): boolean {
  const leads = Object.keys(fields).length > 0 && !Object.hasOwn(fields, '.');
  return !leads || Object.keys(owned as object).length > 0;
}
