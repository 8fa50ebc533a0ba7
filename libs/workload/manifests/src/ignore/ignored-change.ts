import { keyOfObject, type IgnoreRule, type KubeObject } from '@flotilla/model';
import type { ChangedField } from '../drift/changed-fields.ts';
import { isDeepEqual } from '../fields/deep-equal.ts';
import type { FieldPath } from '../fields/field-path.ts';
import { holdsField, selectWritten } from '../fields/members.ts';
import { managedFieldsOf } from '../fields/owners.ts';
import { selectByKey } from '../fields/select.ts';
import { ignorable } from './ignore-fields.ts';
import { matchesRule } from './ignore-rule.ts';
import { withoutPointer } from './json-pointer.ts';
import { leadsTo } from './leave-ignored.ts';

/** A change with the two objects between which it stands. */
export interface ChangeInPlace {
  readonly change: ChangedField;
  readonly desired: KubeObject;
  readonly live: KubeObject;
}

/**
 * Whether a rule is about this change: by its place, whoever made it, or by who made it. The same rules mean the same here
 * as in a diff and in an apply.
 */
export function isAbout({ group, kind, name, namespace, ...fields }: IgnoreRule, place: ChangeInPlace): boolean {
  if (!matchesRule(keyOfObject(place.desired), { group, kind, name, namespace })) return false;
  const { jsonPointers = [], managers = [] } = fields;
  if (managers.length > 0 && isOwnedBy(managers, place)) return true;
  return jsonPointers.some((pointer) => leadsHere(ignorable(pointer), place));
}

function isOwnedBy(managers: readonly string[], { change: { path }, live }: ChangeInPlace): boolean {
  return managedFieldsOf(live).some(
    ({ manager, fieldsV1 }) => managers.includes(manager) && holdsField(fieldsV1, path),
  );
}

/** It points at the field or at something above it; or into it, and all the difference is there. */
function leadsHere(steps: readonly string[], { change: { path }, desired, live }: ChangeInPlace): boolean {
  if (steps.length === 0) return false;
  if (steps.length <= path.length) return isAt(steps, path, desired) || isAt(steps, path, live);
  const above = steps.slice(0, path.length);
  if (!isAt(above, path, desired)) return false;
  const [wanted, found] = [desired, live].map((side) =>
    withoutPointer(selectWritten(side, path), steps.slice(path.length)),
  );
  return isDeepEqual(wanted, found);
}

function isAt(steps: readonly string[], path: FieldPath, object: unknown): boolean {
  let value = object;
  return steps.every((step, at) => {
    const key = path[at]!;
    const leads = leadsTo(value, key, step);
    value = selectByKey(value, key);
    return leads;
  });
}
