import { Fault } from '@flotilla/foundation';
import type { Page, PageRequest } from '@flotilla/model';

/** A cursor names the last row of a page by its sort key; the next page begins behind it, whatever changed between. */
function writeCursor(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** What a part of a sort key can be: anything else would be refused by PostgreSQL, and look like a fault of ours. */
const keyParts = {
  text: (part: string) => !part.includes('\0'),
  number: (part: string) => /^\d{1,18}$/.test(part),
  /** A moment as PostgreSQL writes it: `2026-01-31 12:00:00.123456+00`. */
  time: (part: string) =>
    /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?\+00$/.test(part) && isMoment(`${part.replace(' ', 'T')}:00`),
} as const;

/** The key behind a cursor, part by part, or nothing for each of them when there is no cursor. */
export function readCursor(
  { cursor }: PageRequest,
  kinds: readonly (keyof typeof keyParts)[],
): readonly (string | null)[] {
  if (cursor === undefined) return kinds.map(() => null);
  try {
    const key: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    const isOurs = (part: unknown, index: number) => typeof part === 'string' && keyParts[kinds[index]!](part);
    if (Array.isArray(key) && key.length === kinds.length && key.every(isOurs)) return key as string[];
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

/** `Date.parse` takes the 31st of every month; PostgreSQL does not. */
function isMoment(text: string): boolean {
  const at = new Date(text);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text.slice(0, 10);
}
