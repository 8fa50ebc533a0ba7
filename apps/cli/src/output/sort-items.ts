import { evaluate, orderOf } from './jsonpath/evaluate.ts';
import { readLonePath, valueText } from './jsonpath/template.ts';

/** Items in the order of what stands at a path of each, as kubectl's `--sort-by`; those without it come first. */
export function sortItems<Item>(items: readonly Item[], pathText: string): Item[] {
  const path = readLonePath(pathText);
  const keyed = items.map((item) => ({ item, key: evaluate(path, { root: item, here: item })[0] }));
  return keyed.toSorted((left, right) => compareKeys(left.key, right.key)).map(({ item }) => item);
}

function compareKeys(left: unknown, right: unknown): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  const order = orderOf(left, right);
  return order ?? (valueText(left) < valueText(right) ? -1 : Number(valueText(left) > valueText(right)));
}
