import type { PageQuery } from '@flotilla/contracts';
import { parseSelector, meetsAll, type Labels, type Page, type PageRequest } from '@flotilla/model';
import { InvalidRequest } from '../http/invalid-request.ts';

export function pageRequest({ limit, cursor }: PageQuery): PageRequest {
  return { limit, ...(cursor && { cursor }) };
}

export function viewPage<Item, View>({ items, nextCursor }: Page<Item>, view: (item: Item) => View): Page<View> {
  return { items: items.map((item) => viewOr(item, view)), ...(nextCursor && { nextCursor }) };
}

/** What has no view goes on as it is, and the guard of answers, which knows what it should be, drops it and tells. */
function viewOr<Item, View>(item: Item, view: (item: Item) => View): View {
  try {
    return view(item);
  } catch {
    return item as unknown as View;
  }
}

/** kubectl's `-l` as a condition on labels; nothing to add to a query when it is absent. */
export function labelFilter(selector: string | undefined): { matches?: (labels: Labels) => boolean } {
  if (!selector) return {};
  const parsed = parseSelector(selector);
  if (!parsed.ok) throw new InvalidRequest([{ path: 'query.labelSelector', message: parsed.reason }]);
  return { matches: (labels) => meetsAll(parsed.value, labels) };
}

/** Every page of a list, one after another: for streams, which begin with everything. */
export async function* allItems<Item>(
  read: (page: PageRequest) => Promise<Page<Item>>,
  limit = 500,
): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page: Page<Item> = await read({ limit, ...(cursor && { cursor }) });
    yield* page.items;
    cursor = page.nextCursor;
  } while (cursor);
}
