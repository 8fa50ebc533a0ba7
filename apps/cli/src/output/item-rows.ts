import { labelsText } from '@flotilla/model';
import type { Column, Noun } from '../nouns/noun.ts';
import type { Cell } from './table.ts';
import type { Tones } from './tones.ts';

/** A thing, and the project that it was found in. */
export interface Found {
  readonly item: unknown;
  readonly project: string;
}

export interface RowOptions {
  readonly wide: boolean;
  readonly showLabels: boolean;
  /** Several projects are shown together. */
  readonly withProject: boolean;
}

/** The columns of a noun, and those that a person asked for on top. */
export function columnsFor(noun: Noun, { wide, showLabels, withProject }: RowOptions): Column<Found>[] {
  const own = noun.columns.filter((column) => wide || !column.wide);
  return [
    ...(withProject ? [{ header: 'PROJECT', text: ({ project }: Found) => project }] : []),
    ...own.map((column) => ofItem(column)),
    ...(showLabels ? [{ header: 'LABELS', text: ({ item }: Found) => labelsText(noun.labelsOf?.(item)) }] : []),
  ];
}

/** The cells of one row; what is not known is `<none>`, so that columns can be counted. */
export function cellsOf(
  columns: readonly Column<Found>[],
  found: Found,
  { now, tones }: { readonly now: number; readonly tones: Tones },
): Cell[] {
  return columns.map((column) => {
    const tone = column.tone?.(found);
    return { text: column.text(found, now) || '<none>', paint: tone && tones[tone] };
  });
}

function ofItem(column: Column<unknown>): Column<Found> {
  return {
    header: column.header,
    moving: column.moving ?? false,
    text: ({ item }, now) => column.text(item, now),
    tone: ({ item }) => column.tone?.(item),
  };
}
