import { fieldsOfPaths, membersOf, ownedFields, selectWritten, unionFields } from '@flotilla/workload-manifests';
import { sharedFields } from '../keep/shared-fields.ts';
import type { AppliedFields } from '../live/live-object.ts';
import { fieldManager } from '../names.ts';
import type { AppliedObject } from './apply-object.ts';
import type { PlannedObject } from './object-plan.ts';

/**
 * What the inventory remembers of an apply that left fields of ours to others; `undefined` for one that did not. They stay
 * among ours, for they are left only as long as a rule says so. No digest can tell then how the object stands: its fields
 * are looked at one by one.
 */
export function appliedWithLeft(
  { desired, item }: PlannedObject,
  { object, sent }: AppliedObject,
): AppliedFields | undefined {
  if (sent === desired.object || !item?.fields) return undefined;
  const left = membersOf(item.fields).filter(
    ({ path, holds }) =>
      !holds && selectWritten(desired.object, path) !== undefined && selectWritten(sent, path) === undefined,
  );
  if (left.length === 0) return undefined;
  const kept = fieldsOfPaths(left.map(({ path }) => path));
  return { fields: sharedFields(unionFields(ownedFields(object, fieldManager) ?? {}, kept)), owned: undefined };
}
