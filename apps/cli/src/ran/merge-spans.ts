import type { RanView } from '@flotilla/contracts';

/** Of each target the spans in which it ran: one release after another, both of which are meant, is one span. Newest first. */
export function mergeSpans(items: readonly RanView[]): RanView[] {
  const spans: RanView[] = [];
  const open = new Map<string, number>();
  for (const item of items.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at))) {
    const index = open.get(item.target);
    const before = index === undefined ? undefined : spans[index];
    if (before?.until === item.at) spans[index!] = { ...item, at: before.at };
    else open.set(item.target, spans.push(item) - 1);
  }
  return spans.toSorted((one, other) => Date.parse(other.at) - Date.parse(one.at));
}
