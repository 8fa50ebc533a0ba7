import { fieldsOfPaths, joinFields, membersOf, selectWritten } from '@flotilla/workload-manifests';
import { sharedFields } from '../keep/shared-fields.ts';
import { liveObject, type AppliedFields } from '../live/live-object.ts';
import type { AppliedObject } from './apply-object.ts';
import type { PlannedObject } from './object-plan.ts';

/**
 * What the inventory remembers of an apply: the fields that are ours now, with a digest of what stands there. A field of ours
 * that was left to others this time stays among them, for it is left only as long as a rule says so; then no digest can
 * tell how the object stands, and its fields are looked at one by one.
 */
export function appliedFields({ desired, item }: PlannedObject, { object, sent }: AppliedObject): AppliedFields {
  const { fields, owned } = liveObject(object);
  const left = membersOf(item?.fields ?? {}).filter(
    ({ path, holds }) =>
      !holds && selectWritten(desired.object, path) !== undefined && selectWritten(sent, path) === undefined,
  );
  if (left.length === 0) return { fields, owned };
  const kept = fieldsOfPaths(left.map(({ path }) => path));
  return { fields: sharedFields(joinFields(fields ?? {}, kept)), owned: undefined };
}
