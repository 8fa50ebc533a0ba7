import type { PageQuery } from '@flotilla/contracts';
import { parseSelector, meetsAll, type Labels, type Page, type PageRequest } from '@flotilla/model';
import { InvalidRequest } from '../http/invalid-request.ts';

export function pageRequest({ limit, cursor }: PageQuery): PageRequest {
  return { limit, ...(cursor && { cursor }) };
}

export function viewPage<Item, View>({ items, nextCursor }: Page<Item>, view: (item: Item) => View): Page<View> {
  return { items: items.map(view), ...(nextCursor && { nextCursor }) };
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
