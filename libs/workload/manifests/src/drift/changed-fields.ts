import type { FieldsV1, KubeObject, ManagedFields } from '@flotilla/model';
import { sameQuantity } from '../diff/quantity.ts';
import { isDeepEqual } from '../fields/deep-equal.ts';
import { fieldPathText, type FieldPath } from '../fields/field-path.ts';
import { holdsField, membersOf, selectWritten, type Member } from '../fields/members.ts';
import { ownedValues, type OwnedValues } from '../fields/owned-values.ts';
import { managedFieldsOf, newestEntry, ownedFields } from '../fields/owners.ts';
import { isRecord } from '../fields/select.ts';

/** A field of ours that is not as we applied it, and as far as the API server knows, who did that. */
export interface ChangedField {
  readonly path: FieldPath;
  /** As the API server names it. */
  readonly field: string;
  readonly manager: string;
  readonly operation?: ManagedFields['operation'] | undefined;
  readonly at?: string | undefined;
  /** Nothing stands there any more. Nobody owns what is not there: he is named who wrote last. */
  readonly removed?: true | undefined;
}

/** What was applied, and what stands there now. */
export interface ChangedFieldsInput {
  /** The fields that we applied last. */
  readonly applied: FieldsV1;
  /** What we applied. */
  readonly desired: KubeObject;
  readonly live: KubeObject;
  /** Under which name we apply. */
  readonly manager: string;
}

/**
 * Which of the fields that we applied somebody changed, and who. Whoever changes a value takes the field from us, so what
 * we lost is looked at first; only what was written under our own name has to be found by its value. A field that has
 * its value is unchanged, whoever owns it.
 */
export function changedFields({ applied, desired, live, manager }: ChangedFieldsInput): ChangedField[] {
  const own = ownedFields(live, manager) ?? {};
  const values = ownedValues(live, applied);
  const fields = membersOf(applied).map(({ path, holds }) => ({
    path,
    holds,
    found: valueAt(values, path),
    wanted: selectWritten(desired, path),
  }));
  const lost = fields.filter(({ path }) => !holdsField(own, path)).filter(isChanged);
  const changed = lost.length > 0 ? lost : fields.filter(isRewritten);
  return outermost(changed).map(({ path, found }) => changeOf(path, found, { live, manager }));
}

interface ComparedField extends Member {
  readonly found: unknown;
  readonly wanted: unknown;
}

function valueAt(values: OwnedValues, path: FieldPath): unknown {
  return path.reduce<unknown>(
    (found, key) => (isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    values,
  );
}

/** What holds other fields is there or is not; whether it is as it shall be, they say themselves. */
function isChanged({ path, holds, found, wanted }: ComparedField): boolean {
  if (found === undefined) return wanted !== undefined;
  return !holds && !isDeepEqual(found, wanted) && !sameQuantity(found, wanted, path);
}

/** Somebody wrote under our name: then only the values tell. */
function isRewritten(field: ComparedField): boolean {
  return field.found !== undefined && field.wanted !== undefined && isChanged(field);
}

/** Of a whole item that was removed nothing inside is named as well. */
function outermost(fields: readonly ComparedField[]): ComparedField[] {
  const gone = fields.filter(({ found }) => found === undefined).map(({ path }) => path);
  const isWithin = (path: FieldPath) =>
    gone.some((other) => other.length < path.length && other.every((step, index) => step === path[index]));
  return fields.filter(({ path }) => !isWithin(path));
}

interface Author {
  readonly live: KubeObject;
  readonly manager: string;
}

function changeOf(path: FieldPath, found: unknown, { live, manager: own }: Author): ChangedField {
  const others = managedFieldsOf(live).filter(({ manager, operation }) => manager !== own || operation !== 'Apply');
  const owners = managedFieldsOf(live).filter(({ fieldsV1 }) => holdsField(fieldsV1, path));
  const by = newestEntry(owners) ?? newestEntry(others.filter(({ subresource }) => subresource !== 'status'));
  return {
    path,
    field: fieldPathText(path),
    manager: by?.manager ?? 'unknown',
    ...(by && { operation: by.operation }),
    ...(by?.time !== undefined && { at: by.time }),
    ...(found === undefined && { removed: true as const }),
  };
}
