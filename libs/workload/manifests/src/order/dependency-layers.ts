import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Needs } from './dependencies.ts';

/**
 * Items in layers, so that each finds all it needs in the layers before its own. The reason is a circle, in order, each
 * needing the next and the last the first.
 */
export function dependencyLayers<Item>(needs: Needs<Item>): Outcome<Item[][], Item[]> {
  const layers: Item[][] = [];
  let waiting = [...needs.keys()];
  const placed = new Set<Item>();
  while (waiting.length > 0) {
    // What is needed and not among the items was there before them.
    const layer = waiting.filter((item) =>
      needs.get(item)!.every((needed) => placed.has(needed) || !needs.has(needed)),
    );
    if (layer.length === 0) return refused(circleIn(waiting[0]!, needs, placed));
    for (const item of layer) placed.add(item);
    waiting = waiting.filter((item) => !placed.has(item));
    layers.push(layer);
  }
  return done(layers);
}

/** Everything that waits needs something that waits: going on from one to the next must come round. */
function circleIn<Item>(start: Item, needs: Needs<Item>, placed: ReadonlySet<Item>): Item[] {
  const way = [start];
  for (;;) {
    const next = needs.get(way.at(-1)!)!.find((needed) => needs.has(needed) && !placed.has(needed))!;
    if (way.includes(next)) return way.slice(way.indexOf(next));
    way.push(next);
  }
}
