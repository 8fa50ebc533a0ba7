import type { ManagedFields } from '@flotilla/model';
import { fromFieldsV1, toFieldsV1, type FieldSet } from './field-set.ts';

/** What one manager owns. Managers who write through a subresource, or at another version, count as others. */
export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource?: string;
  readonly time?: string;
  readonly fields: FieldSet;
}

/** The owners of an object by their identity. The map is shared: whoever changes it makes another. */
export type Owners = ReadonlyMap<string, Owner>;

/** Who an owner is: for an applier the version does not matter, it is the same one in every version. */
export function ownerId({ manager, operation, apiVersion, subresource = '' }: Omit<Owner, 'fields'>): string {
  return JSON.stringify([operation, manager, subresource, operation === 'Update' ? apiVersion : '']);
}

const decoded = new WeakMap<readonly ManagedFields[], Owners>();

/** Reads an object's `managedFields`; `undefined` when the entries are not well formed. */
export function decodeOwners(entries: readonly ManagedFields[] | undefined): Owners | undefined {
  if (!entries) return new Map();
  const known = decoded.get(entries);
  if (known) return known;
  if (!entries.every(isWellFormed)) return undefined;
  const owners = new Map<string, Owner>();
  for (const { fieldsV1 = {}, fieldsType: _, ...entry } of entries) {
    owners.set(ownerId(entry), { ...entry, fields: fromFieldsV1(fieldsV1) });
  }
  decoded.set(entries, owners);
  return owners;
}

function isWellFormed(entry: ManagedFields): boolean {
  const { operation, apiVersion, fieldsType } = entry;
  return (operation === 'Apply' || operation === 'Update') && Boolean(apiVersion) && fieldsType === 'FieldsV1';
}

/** Writes owners in the server's order: appliers first, then by time and name. */
export function encodeOwners(owners: Owners): ManagedFields[] | undefined {
  const entries = encodeEntries([...owners.values()]);
  if (entries) decoded.set(entries, owners);
  return entries;
}

/** Writes owners that need not be different from each other. */
export function encodeEntries(owners: readonly Owner[]): ManagedFields[] | undefined {
  return owners.length === 0 ? undefined : owners.toSorted(compareOwners).map(encodeOwner);
}

/** Field sets are shared between versions of an object, so their encoding is kept with them. */
const encodedFields = new WeakMap<FieldSet, ManagedFields['fieldsV1']>();

function encodeOwner({ manager, operation, apiVersion, subresource, time, fields }: Owner): ManagedFields {
  let fieldsV1 = encodedFields.get(fields);
  if (!fieldsV1) encodedFields.set(fields, (fieldsV1 = toFieldsV1(fields)));
  return {
    manager,
    operation,
    apiVersion,
    ...(time !== undefined && { time }),
    fieldsType: 'FieldsV1',
    fieldsV1,
    ...(subresource && { subresource }),
  };
}

function compareOwners(left: Owner, right: Owner): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(left.time ?? '', right.time ?? '') ||
    compareText(left.manager, right.manager) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource ?? '', right.subresource ?? '')
  );
}

function compareText(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}
