import { formatTable, type Cell } from './table.ts';
import { visible } from './visible.ts';

/** A part of a page that describes one thing. */
export type Section =
  | { readonly fields: readonly Field[]; readonly title?: string }
  | { readonly title: string; readonly headers: readonly string[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly title: string; readonly text: string };

/** A label and what there is to say; left out when that is nothing. */
export type Field = readonly [label: string, value: string | undefined];

export type Page = readonly Section[];

/** A page for a person, the way `kubectl describe` writes one. */
export function formatPage(page: Page): string {
  return page.map(sectionText).filter(Boolean).join('\n');
}

function sectionText(section: Section): string {
  if ('fields' in section) return titled(section.title, fieldLines(section.fields, section.title ? '  ' : ''));
  if ('text' in section) return titled(section.title, indented(section.text));
  if (section.rows.length === 0) return '';
  return titled(section.title, formatTable({ headers: section.headers, rows: section.rows, indent: '  ' }));
}

function titled(title: string | undefined, text: string): string {
  return title && text ? `${visible(title)}:\n${text}` : text;
}

function fieldLines(fields: readonly Field[], indent: string): string {
  const said = fields.filter(([, value]) => value !== undefined && value !== '');
  const width = said.reduce((most, [label]) => Math.max(most, label.length), 0) + 2;
  return said.map(([label, value]) => `${indent}${`${label}:`.padEnd(width)} ${visible(value!)}\n`).join('');
}

function indented(text: string): string {
  const lines = text.trimEnd().split('\n');
  return lines.map((line) => `  ${visible(line)}\n`).join('');
}
