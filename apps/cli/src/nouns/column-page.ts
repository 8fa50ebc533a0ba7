import type { Page } from '../output/page.ts';
import type { Noun } from './noun.ts';

/** The page of a noun that has none of its own: every column that it has, the wide ones included. */
export function columnPage({ columns }: Noun, item: unknown, now: number): Page {
  return [{ fields: columns.map((column) => [labelOf(column.header), column.text(item, now)] as const) }];
}

/** `HEALTHY AFTER` as a label: `Healthy after`. */
function labelOf(header: string): string {
  return header.charAt(0) + header.slice(1).toLowerCase();
}
