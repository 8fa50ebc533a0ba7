import type { Json, SchemaType } from '../schema/schema-type.ts';
import { compareValues, type Comparison } from './compare-values.ts';
import {
  difference,
  differenceWithChildren,
  emptySet,
  intersection,
  isEmptySet,
  pathsOf,
  setOf,
  union,
  type FieldSet,
} from './field-set.ts';
import type { Owner, Owners } from './managers.ts';
import { mergeValues } from './merge-values.ts';
import { pruneDisowned } from './prune-disowned.ts';
import { toFieldSet } from './to-field-set.ts';
import { equalValues } from './values.ts';

/** A field that somebody else owns and the applier wants to change. */
export interface OwnerConflict {
  readonly owner: Owner;
  readonly path: readonly string[];
}

export interface Ownership {
  /** The type of the object at the version of an owner; absent for a version that is no longer served. */
  readonly typeOf: (apiVersion: string) => SchemaType | undefined;
  /** What a request through this door cannot change, and so nobody owns by it. */
  readonly ignore: (fields: FieldSet) => FieldSet;
  /** Who writes, at which version. */
  readonly id: string;
  readonly writer: Omit<Owner, 'fields' | 'time'>;
}

export type Applied =
  | { readonly kind: 'applied'; readonly object: Json; readonly changed: boolean; readonly owners: Owners }
  | { readonly kind: 'conflicts'; readonly conflicts: readonly OwnerConflict[] };

/** Filters out the given fields and all below them. */
export function ignoring(fields: FieldSet): (set: FieldSet) => FieldSet {
  return (set) => differenceWithChildren(set, fields);
}

export interface Updated {
  readonly owners: Owners;
  /** Whether the writer took anything: only then its time moves. */
  readonly took: boolean;
}

/**
 * A write that is no apply: the writer comes to own whatever it changed or added, and nobody owns what it removed.
 */
export function ownUpdated(live: Json, next: Json, owners: Owners, ownership: Ownership): Updated {
  const { id, writer } = ownership;
  const { comparison, rest } = takeFrom(live, next, owners, ownership);
  const taken = withoutIdentity(union(comparison.modified, comparison.added));
  const before = rest.get(id);
  const kept = difference(before?.fields ?? emptySet, comparison.removed);
  const fields = union(kept, taken);
  if (isEmptySet(fields)) rest.delete(id);
  else rest.set(id, { ...before, ...writer, fields });
  return { owners: rest, took: !isEmptySet(taken) };
}

export interface ApplyRequest {
  readonly live: Json;
  readonly config: Json;
  readonly owners: Owners;
  readonly force: boolean;
}

/**
 * An apply: the writer owns exactly what it applies. What it applied before and no longer does goes, unless somebody
 * else owns it too; what others own and it would change is a conflict, or taken from them by force.
 */
export function ownApplied({ live, config, owners, force }: ApplyRequest, ownership: Ownership): Applied {
  const { id, writer, ignore, typeOf } = ownership;
  const type = typeOf(writer.apiVersion)!;
  const last = owners.get(id);
  const applied = ignore(toFieldSet(type, config));
  const withWriter = new Map(owners).set(id, { ...last, ...writer, fields: applied });
  const merged = mergeValues(type, live, config) ?? null;
  const object = last ? pruneDisowned({ merged, last, owners: withWriter, fields: applied, typeOf }) : merged;
  const { rest, conflicts } = takeFrom(live, object, withWriter, ownership);
  if (conflicts.length > 0 && !force) return { kind: 'conflicts', conflicts };
  const fields = withoutIdentity(applied);
  if (isEmptySet(fields)) rest.delete(id);
  else rest.set(id, { ...last, ...writer, fields });
  return { kind: 'applied', object, changed: !equalValues(live, object), owners: rest };
}

/** What tells which object it is, and what the server keeps: nobody owns these. */
const identity = setOf(
  ['f:apiVersion'],
  ['f:kind'],
  ['f:metadata'],
  ['f:metadata', 'f:name'],
  ['f:metadata', 'f:namespace'],
  ['f:metadata', 'f:creationTimestamp'],
  ['f:metadata', 'f:selfLink'],
  ['f:metadata', 'f:uid'],
  ['f:metadata', 'f:clusterName'],
  ['f:metadata', 'f:generation'],
  ['f:metadata', 'f:managedFields'],
  ['f:metadata', 'f:resourceVersion'],
);

function withoutIdentity(fields: FieldSet): FieldSet {
  return difference(fields, identity);
}

interface Taking {
  readonly comparison: Comparison;
  readonly rest: Map<string, Owner>;
  readonly conflicts: readonly OwnerConflict[];
}

/** Takes what changes from everybody else. Owners at versions that are no longer served are forgotten. */
function takeFrom(live: Json, next: Json, owners: Owners, { id, writer, ignore, typeOf }: Ownership): Taking {
  const comparisons = new Map<string, Comparison | undefined>();
  const comparisonAt = (apiVersion: string) => {
    if (!comparisons.has(apiVersion)) comparisons.set(apiVersion, compareAt(typeOf(apiVersion), live, next, ignore));
    return comparisons.get(apiVersion);
  };
  const rest = new Map<string, Owner>();
  const conflicts: OwnerConflict[] = [];
  for (const [otherId, owner] of owners) {
    if (otherId === id) {
      rest.set(otherId, owner);
      continue;
    }
    const comparison = comparisonAt(owner.apiVersion);
    if (!comparison) continue;
    const taken = intersection(owner.fields, union(comparison.modified, comparison.added));
    for (const path of isEmptySet(taken) ? [] : pathsOf(taken)) conflicts.push({ owner, path });
    const fields = difference(difference(owner.fields, taken), comparison.removed);
    if (isEmptySet(fields)) continue;
    const unchanged = isEmptySet(taken) && isEmptySet(comparison.removed);
    rest.set(otherId, unchanged ? owner : { ...owner, fields });
  }
  return { comparison: comparisonAt(writer.apiVersion)!, rest, conflicts };
}

function compareAt(
  type: SchemaType | undefined,
  live: Json,
  next: Json,
  ignore: (fields: FieldSet) => FieldSet,
): Comparison | undefined {
  if (!type) return undefined;
  const { removed, modified, added } = compareValues(type, live, next);
  return { removed: ignore(removed), modified: ignore(modified), added: ignore(added) };
}
