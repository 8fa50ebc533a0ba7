import { visible } from './visible.ts';

/** One cell: its text, and how it is painted once its place is known. */
export interface Cell {
  readonly text: string;
  readonly paint?: ((text: string) => string) | undefined;
}

export interface TableOptions {
  /** Left out: rows that follow others. */
  readonly headers?: readonly string[] | undefined;
  readonly rows: readonly (readonly Cell[])[];
  /** Columns are at least this wide. */
  readonly widths?: readonly number[];
  readonly indent?: string;
}

const gap = '   ';

/** Rows under each other as kubectl writes them: three spaces between columns, nothing behind the last. */
export function formatTable({ headers, rows, widths = [], indent = '' }: TableOptions): string {
  const all = [...(headers ? [headers.map((text) => ({ text }))] : []), ...rows].map((row) => row.map(safe));
  const room = columnWidths(all, widths);
  return all.map((row) => `${indent}${row.map((cell, index) => padded(cell, row, index, room)).join('')}\n`).join('');
}

/** How wide each column has to be for these rows. */
export function columnWidths(rows: readonly (readonly Cell[])[], least: readonly number[] = []): number[] {
  const count = Math.max(least.length, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, lengthOf(row[column]?.text ?? '')), least[column] ?? 0),
  );
}

function padded({ text, paint }: Cell, row: readonly Cell[], index: number, room: readonly number[]): string {
  const painted = paint ? paint(text) : text;
  if (index === row.length - 1) return painted;
  return painted + ' '.repeat(room[index]! - lengthOf(text)) + gap;
}

function safe({ text, paint }: Cell): Cell {
  return { text: visible(text), paint };
}

function lengthOf(text: string): number {
  return Array.from(text).length;
}
