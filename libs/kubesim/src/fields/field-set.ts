import type { FieldsV1 } from '@flotilla/model';

/**
 * A set of fields as a tree. A node's keys are path elements in the API server's own encoding (`f:spec`,
 * `k:{"name":"app"}`, `v:"x"`), and `member` says whether the node itself belongs to the set. Sets are shared and never
 * changed, except by the one who is building them. No node is empty, save an empty root.
 */
export interface FieldSet {
  member: boolean;
  readonly children: Map<string, FieldSet>;
}

const noChildren = new Map<string, FieldSet>();
const leaf: FieldSet = { member: true, children: noChildren };

export const emptySet: FieldSet = { member: false, children: noChildren };

export function newSet(): FieldSet {
  return { member: false, children: new Map() };
}

/** A set of one path, such as `['f:metadata', 'f:labels']`. */
export function setOf(...paths: readonly (readonly string[])[]): FieldSet {
  const set = newSet();
  for (const path of paths) insertPath(set, path);
  return set;
}

/** Adds a path to a set that is being built. The root is never a member: nobody owns a whole object. */
export function insertPath(set: FieldSet, path: readonly string[]): void {
  if (path.length === 0) return;
  let node = set;
  for (const element of path) {
    let child = node.children.get(element);
    if (!child) node.children.set(element, (child = newSet()));
    node = child;
  }
  node.member = true;
}

export function isEmptySet(set: FieldSet): boolean {
  return !set.member && set.children.size === 0;
}

/** The part of the set below one element. */
export function below(set: FieldSet, element: string): FieldSet {
  return set.children.get(element) ?? emptySet;
}

export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.children.get(element);
  return path.length > 0 && node !== undefined && node.member;
}

export function union(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmptySet(right)) return left;
  if (isEmptySet(left)) return right;
  const children = new Map(left.children);
  for (const [element, child] of right.children) {
    const other = children.get(element);
    children.set(element, other ? union(other, child) : child);
  }
  return { member: left.member || right.member, children };
}

export function intersection(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right) return left;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    const both = other && intersection(child, other);
    if (both && !isEmptySet(both)) children.set(element, both);
  }
  return { member: left.member && right.member, children };
}

/** What is in `left` and not in `right`. Taking away a parent leaves its children, and the other way round. */
export function difference(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, false);
}

/** What is in `left` and neither in `right` nor below something in `right`. */
export function differenceWithChildren(left: FieldSet, right: FieldSet): FieldSet {
  return subtract(left, right, true);
}

function subtract(left: FieldSet, right: FieldSet, withChildren: boolean): FieldSet {
  if (isEmptySet(right)) return left;
  const children = new Map<string, FieldSet>();
  for (const [element, child] of left.children) {
    const other = right.children.get(element);
    if (withChildren && other?.member) continue;
    const rest = other ? subtract(child, other, withChildren) : child;
    if (!isEmptySet(rest)) children.set(element, rest);
  }
  return { member: left.member && !right.member, children };
}

/** Every path of the set: the members of a node first, then what lies below them. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const elements = sortedElements(set);
  const members = elements.filter(([, child]) => child.member).map(([element]) => [...prefix, element]);
  return [...members, ...elements.flatMap(([element, child]) => pathsOf(child, [...prefix, element]))];
}

export function toFieldsV1(set: FieldSet): FieldsV1 {
  const fields: Record<string, FieldsV1> = {};
  if (set.member && set.children.size > 0) fields['.'] = {};
  for (const [element, child] of sortedElements(set)) fields[element] = toFieldsV1(child);
  return fields;
}

/** Reads a tree of owned fields; a node without children is a member. */
export function fromFieldsV1(fields: FieldsV1, isRoot = true): FieldSet {
  const elements = Object.entries(fields);
  if (elements.length === 0) return isRoot ? newSet() : leaf;
  const children = new Map<string, FieldSet>();
  let member = false;
  for (const [element, parts] of elements) {
    if (element === '.') member = true;
    else children.set(element, fromFieldsV1(parts, false));
  }
  return { member: member && !isRoot, children };
}

function sortedElements(set: FieldSet): [string, FieldSet][] {
  return [...set.children].toSorted(([left], [right]) => (left < right ? -1 : 1));
}
