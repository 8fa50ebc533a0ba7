import type { FieldsV1 } from '@flotilla/model';

/** The fields that are in one set or in the other. What is whole in one and has parts in the other is both. */
export function unionFields(left: FieldsV1, right: FieldsV1): FieldsV1 {
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  const joined = [...keys].map((key): [string, FieldsV1] => [key, joinedAt(left[key], right[key])]);
  return Object.fromEntries(joined);
}

function joinedAt(left: FieldsV1 | undefined, right: FieldsV1 | undefined): FieldsV1 {
  if (!left || !right) return (left ?? right)!;
  const isWhole = isLeaf(left) !== isLeaf(right);
  return { ...(isWhole && { '.': {} }), ...unionFields(left, right) };
}

function isLeaf(fields: FieldsV1): boolean {
  return Object.keys(fields).length === 0;
}
