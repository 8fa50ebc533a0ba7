import type { ManagedFields } from '@flotilla/model';
import type { JsonObject } from '../schema/schema-type.ts';
import { mergeOldestUpdaters } from './ancient-changes.ts';
import type { FieldDoor } from './field-door.ts';
import { isEmptySet } from './field-set.ts';
import { followSchema } from './follow-schema.ts';
import { allowedByLastApplied, withLastApplied } from './last-applied.ts';
import { decodeOwners, encodeOwners, ownerId, type Owner, type Owners } from './managers.ts';
import { ownApplied, ownUpdated, type OwnerConflict, type Ownership } from './own-fields.ts';

export interface UpdateRequest {
  /** The stored object; the door's `zero` when there is none. */
  readonly live: JsonObject;
  readonly next: JsonObject;
  readonly isCreate: boolean;
  /** The entries to start from: the request's own when it names some, else those of the stored object. */
  readonly entries: readonly ManagedFields[] | undefined;
  readonly manager: string;
  readonly time: string;
}

/** The `managedFields` of an object after a write that is no apply. */
export function manageUpdate(door: FieldDoor, request: UpdateRequest): readonly ManagedFields[] | undefined {
  const owners = decodeOwners(request.entries) ?? new Map<string, Owner>();
  // An object whose owners nobody tracked stays untracked until it is applied for the first time.
  if (owners.size === 0 && !request.isCreate) return undefined;
  return encodeOwners(mergeOldestUpdaters(updateOwners(door, owners, request)));
}

function updateOwners(door: FieldDoor, owners: Owners, { live, next, manager, time }: Updating): Owners {
  const ownership = ownershipOf(door, manager, 'Update');
  const followed = followSchema(owners, door.typeOf);
  const updated = ownUpdated(withoutEntries(live), withoutEntries(next), followed, ownership);
  const owner = updated.owners.get(ownership.id);
  if (!updated.took || !owner) return updated.owners;
  return new Map(updated.owners).set(ownership.id, { ...owner, time });
}

type Updating = Pick<UpdateRequest, 'live' | 'next' | 'manager' | 'time'>;

export interface ManageApplyRequest {
  readonly live: JsonObject;
  readonly config: JsonObject;
  readonly manager: string;
  readonly force: boolean;
  readonly time: string;
}

export type ManagedApply =
  | {
      readonly kind: 'applied';
      readonly object: JsonObject;
      readonly managedFields: readonly ManagedFields[] | undefined;
    }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly OwnerConflict[] };

/** The object and its `managedFields` after a server-side apply, or the conflicts that forbid it. */
export function manageApply(door: FieldDoor, request: ManageApplyRequest): ManagedApply {
  const first = applyOnce(door, request);
  if (first.kind === 'applied' || request.manager !== 'kubectl') return first;
  const allowed = allowedByLastApplied(door, request.live);
  const conflicts = allowed ? first.conflicts.filter((conflict) => !allowed(conflict.path)) : first.conflicts;
  return conflicts.length > 0 ? { kind: 'conflicts', conflicts } : applyOnce(door, { ...request, force: true });
}

function applyOnce(door: FieldDoor, request: ManageApplyRequest): ManagedApply {
  const { config, force, manager, time } = request;
  const live = withoutEntries(request.live);
  const owners = followSchema(ownersBeforeApply(door, request), door.typeOf);
  const ownership = ownershipOf(door, manager, 'Apply');
  const applied = ownApplied({ live, config, owners, force }, ownership);
  if (applied.kind === 'conflicts') return applied;
  const owner = applied.owners.get(ownership.id);
  const timed =
    applied.changed && owner ? new Map(applied.owners).set(ownership.id, { ...owner, time }) : applied.owners;
  const object = manager === 'kubectl' ? withLastApplied(applied.object as JsonObject, config) : applied.object;
  return { kind: 'applied', object: object as JsonObject, managedFields: encodeOwners(timed) };
}

/** What is there before the first apply to an untracked object belongs to a manager of its own. */
function ownersBeforeApply(door: FieldDoor, { live, time }: ManageApplyRequest): Owners {
  const owners = decodeOwners(entriesOf(live)) ?? new Map<string, Owner>();
  if (owners.size > 0) return owners;
  return updateOwners(door, owners, { live: door.zero, next: live, manager: 'before-first-apply', time });
}

/** A client that does not say who it is still owns what it writes, as `unknown`. */
function ownershipOf(door: FieldDoor, manager: string, operation: 'Apply' | 'Update'): Ownership {
  const { apiVersion, subresource, ignore, typeOf } = door;
  const writer = { manager: manager || 'unknown', operation, apiVersion, ...(subresource && { subresource }) };
  return { id: ownerId(writer), writer, ignore: (fields) => (isEmptySet(fields) ? fields : ignore(fields)), typeOf };
}

function entriesOf(object: JsonObject): readonly ManagedFields[] | undefined {
  return (object['metadata'] as { managedFields?: readonly ManagedFields[] } | undefined)?.managedFields;
}

function withoutEntries(object: JsonObject): JsonObject {
  if (!entriesOf(object)) return object;
  const { managedFields: _, ...metadata } = object['metadata'] as JsonObject;
  return { ...object, metadata };
}
