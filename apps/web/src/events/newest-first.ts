import type { EventView } from '@flotilla/contracts';

/** Ledger lines with the newest on top; those of one moment keep the order in which they were written. */
export function newestFirst(events: Iterable<EventView>): readonly EventView[] {
  return [...events].toSorted((left, right) => (left.at < right.at ? -1 : left.at > right.at ? 1 : 0)).toReversed();
}
