import type { FieldConflict, KubeObject, ManagedFields } from '@flotilla/model';
import { isDeepEqual } from '@flotilla/workload-manifests';
import { fieldsOf, leafText, leavesOf, leavesOfFields, readLeaf, writeLeaf, type Leaf } from './field-leaves.ts';

interface Owner {
  readonly manager: string;
  readonly operation: ManagedFields['operation'];
}

export interface Write extends Owner {
  readonly at: string;
}

/** What a server-side apply makes of an object, or who holds what it would change. */
export function appliedTo(
  before: KubeObject | undefined,
  wanted: KubeObject,
  { force, ...write }: Write & { readonly force: boolean },
): { readonly object: KubeObject } | { readonly conflicts: readonly FieldConflict[] } {
  const leaves = leavesOf(wanted);
  const others = entriesOf(before).filter((entry) => !isOwner(entry, write));
  const taken = leaves.filter((leaf) => !isDeepEqual(readLeaf(before, leaf), readLeaf(wanted, leaf)));
  const conflicts = others.flatMap((entry) =>
    taken.filter((leaf) => owns(entry, leaf)).map((leaf) => ({ field: leafText(leaf), manager: entry.manager })),
  );
  if (conflicts.length > 0 && !force) return { conflicts };
  const given = others.flatMap((entry) => without(entry, taken));
  const owned = entriesOf(before).find((entry) => isOwner(entry, write));
  const given_up = (owned ? leavesOfFields(owned.fieldsV1) : []).filter(
    (leaf) => !leaves.some((other) => sameLeaf(leaf, other)) && !given.some((entry) => owns(entry, leaf)),
  );
  const cleared = given_up.reduce<unknown>(
    (object, leaf) => writeLeaf(object, leaf, undefined),
    before ?? headOf(wanted),
  );
  const object = taken.reduce((kept, leaf) => writeLeaf(kept, leaf, readLeaf(wanted, leaf)), cleared);
  // Who applied nothing owns nothing, and is not named.
  const own = leaves.length > 0 ? [entryOf(leaves, write, wanted)] : [];
  return { object: withOwners(object as KubeObject, [...given, ...own]) };
}

/** Makes whoever wrote an object by an update the owner of everything that he changed. */
export function updatedBy(before: KubeObject | undefined, after: KubeObject, write: Write): KubeObject {
  const changed = [...leavesOf(after), ...(before ? leavesOf(before) : [])].filter(
    (leaf) => !isDeepEqual(readLeaf(before, leaf), readLeaf(after, leaf)),
  );
  if (changed.length === 0) return withOwners(after, entriesOf(after));
  const others = entriesOf(after).flatMap((entry) => without(entry, changed));
  const own = others.find((entry) => isOwner(entry, write));
  const leaves = [
    ...(own ? leavesOfFields(own.fieldsV1) : []),
    ...changed.filter((leaf) => readLeaf(after, leaf) !== undefined),
  ];
  const rest = others.filter((entry) => entry !== own);
  return withOwners(after, leaves.length > 0 ? [...rest, entryOf(leaves, write, after)] : rest);
}

function entriesOf(object: KubeObject | undefined): readonly ManagedFields[] {
  return (object?.metadata.managedFields ?? []).filter(({ fieldsV1 }) => fieldsV1 !== undefined);
}

function isOwner(entry: Owner, { manager, operation }: Owner): boolean {
  return entry.manager === manager && entry.operation === operation;
}

function owns({ fieldsV1 }: ManagedFields, leaf: Leaf): boolean {
  return leavesOfFields(fieldsV1).some((other) => sameLeaf(other, leaf));
}

function sameLeaf(left: Leaf, right: Leaf): boolean {
  return left.length === right.length && left.every((step, index) => step === right[index]);
}

function without(entry: ManagedFields, leaves: readonly Leaf[]): readonly ManagedFields[] {
  const kept = leavesOfFields(entry.fieldsV1).filter((leaf) => !leaves.some((other) => sameLeaf(leaf, other)));
  return kept.length > 0 ? [{ ...entry, fieldsV1: fieldsOf(kept) }] : [];
}

function entryOf(
  leaves: readonly Leaf[],
  { manager, operation, at }: Write,
  { apiVersion }: KubeObject,
): ManagedFields {
  return { manager, operation, apiVersion, time: at, fieldsType: 'FieldsV1', fieldsV1: fieldsOf(leaves) };
}

function headOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeObject {
  return { apiVersion, kind, metadata: { name, ...(namespace && { namespace }) } };
}

function withOwners(object: KubeObject, managedFields: readonly ManagedFields[]): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata: { ...metadata, ...(managedFields.length > 0 && { managedFields }) } };
}
