import { Fault } from '@flotilla/foundation';
import type { Page, PageRequest } from '@flotilla/model';

/** A cursor names the last row of a page by its sort key; the next page begins behind it, whatever changed between. */
export function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The key behind a cursor, or the given values when there is none. */
export function readCursor({ cursor }: PageRequest, fields: number): readonly (string | null)[] {
  if (cursor === undefined) return Array.from({ length: fields }, () => null);
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (Array.isArray(key) && key.length === fields && key.every((part) => typeof part === 'string')) return key;
  } catch {
    // Falls through: whatever it is, we did not make it.
  }
  throw new Fault({
    code: 'invalid',
    reason: 'CursorInvalid',
    message: 'cursor: give back nextCursor of the page before, unchanged',
  });
}

/** Cuts the one row that was read too many and makes the cursor from the last one that stays. */
export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { item, key }: { item: (row: Row) => Item; key: (row: Row) => readonly string[] },
): Page<Item> {
  const kept = rows.slice(0, limit);
  return { items: kept.map(item), ...(rows.length > limit && { nextCursor: writeCursor(key(kept.at(-1)!)) }) };
}
