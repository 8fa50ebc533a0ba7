import type { FieldsV1 } from '@flotilla/model';

/** Far more than the kinds of a cluster; whoever has more loses the sharing, and nothing else. */
const treesMax = 1_000;
const trees = new Map<string, FieldsV1>();

/**
 * The same tree of fields, for all that own the same fields: most objects of a kind do, and thousands of equal trees are
 * a good part of what an agent would keep in memory. Nobody changes a tree.
 */
export function sharedFields(fields: FieldsV1): FieldsV1 {
  const text = JSON.stringify(fields);
  const known = trees.get(text);
  if (known) return known;
  if (trees.size >= treesMax) trees.clear();
  trees.set(text, fields);
  return fields;
}
