import { isDeepEqual } from '../fields/deep-equal.ts';
import type { FieldPath } from '../fields/field-path.ts';
import { isRecord } from '../fields/select.ts';

/** Two items of two lists that are the same thing to a person, or one that has no counterpart. */
export interface ItemPair {
  /** The step of a path that leads to it. */
  readonly step: FieldPath[number];
  readonly left: unknown;
  readonly right: unknown;
}

/** By what Kubernetes tells list items apart; the first that tells all items of both lists apart is taken. */
const keys: readonly (readonly string[])[] = [
  ['name'],
  ['key'],
  ['containerPort', 'protocol'],
  ['port', 'protocol'],
  ['containerPort'],
  ['port'],
  ['mountPath'],
  ['devicePath'],
  ['topologyKey', 'whenUnsatisfiable'],
  ['ip'],
  ['type'],
  ['uid'],
];

/** Brings the items of two lists together: by their key where they have one, else by their place. */
export function alignLists(left: readonly unknown[], right: readonly unknown[]): ItemPair[] {
  const key = keys.find((names) => tellsApart(left, names) && tellsApart(right, names));
  return key && left.length + right.length > 0 ? byKey(left, right, key) : byPlace(left, right);
}

function tellsApart(items: readonly unknown[], names: readonly string[]): boolean {
  const seen = new Set<string>();
  for (const item of items) {
    if (!isRecord(item) || !names.every((name) => isScalar(item[name]))) return false;
    seen.add(stepOf(item, names));
  }
  return seen.size === items.length;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function stepOf(item: Readonly<Record<string, unknown>>, names: readonly string[]): string {
  return `k:${JSON.stringify(Object.fromEntries(names.map((name) => [name, item[name]])))}`;
}

function byKey(left: readonly unknown[], right: readonly unknown[], names: readonly string[]): ItemPair[] {
  const others = new Map(right.map((item) => [stepOf(item as Record<string, unknown>, names), item]));
  const pairs = left.map((item) => {
    const step = stepOf(item as Record<string, unknown>, names);
    const pair = { step, left: item, right: others.get(step) };
    others.delete(step);
    return pair;
  });
  return [...pairs, ...[...others].map(([step, item]) => ({ step, left: undefined, right: item }))];
}

function byPlace(left: readonly unknown[], right: readonly unknown[]): ItemPair[] {
  if (isDeepEqual(left, right)) return [];
  const length = Math.max(left.length, right.length);
  return Array.from({ length }, (_, index) => ({ step: `i:${index}`, left: left[index], right: right[index] }));
}
