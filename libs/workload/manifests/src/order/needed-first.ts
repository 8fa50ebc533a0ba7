/** An item, and the one for whose sake it comes at this place. */
export interface Brought<Item> {
  readonly item: Item;
  /** The item whose turn it was: itself, or the one that needed it. */
  readonly by: Item;
}

/** Each item in its turn, with everything that it needs just before it. A circle is cut where it is met. */
export function neededFirst<Item>(
  items: readonly Item[],
  needs: (item: Item) => readonly Item[],
): readonly Brought<Item>[] {
  const sequence: Brought<Item>[] = [];
  const met = new Set<Item>();
  const bring = (item: Item, by: Item) => {
    if (met.has(item)) return;
    met.add(item);
    for (const needed of needs(item)) bring(needed, by);
    sequence.push({ item, by });
  };
  for (const item of items) bring(item, item);
  return sequence;
}
