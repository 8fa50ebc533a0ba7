import { Fault, nearest } from '@flotilla/foundation';
import { readCustomColumns, type CustomColumn } from './custom-columns.ts';
import { JsonPathTemplate } from './jsonpath/template.ts';

/** How data is to look. */
export type Format =
  | { readonly kind: 'table'; readonly wide: boolean }
  | { readonly kind: 'json' }
  | { readonly kind: 'yaml' }
  | { readonly kind: 'name' }
  | { readonly kind: 'jsonpath'; readonly template: JsonPathTemplate }
  | { readonly kind: 'custom-columns'; readonly columns: readonly CustomColumn[] };

export const formatNames = ['table', 'wide', 'json', 'yaml', 'name', 'jsonpath=', 'custom-columns='] as const;

/** The help of `-o`, the same wherever it is offered. */
export const formatHelp = `one of ${formatNames.join('|').replaceAll('=', '=…')}`;

/** Reads what was given to `-o`; a table when nothing was. */
export function readFormat(text = 'table'): Format {
  const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text) ?? [];
  switch (name) {
    case 'table':
    case 'wide':
      return { kind: 'table', wide: name === 'wide' };
    case 'json':
    case 'yaml':
    case 'name':
      return { kind: name };
    case 'jsonpath':
      return { kind: 'jsonpath', template: new JsonPathTemplate(given(name, value, '{.items[*].metadata.name}')) };
    case 'custom-columns':
      return { kind: 'custom-columns', columns: readCustomColumns(given(name, value, 'NAME:.metadata.name')) };
    default:
      throw unknownFormat(name);
  }
}

/** Rows for a person, in which every cell has been made safe to show already. */
export function isTable({ kind }: Format): boolean {
  return kind === 'table' || kind === 'custom-columns';
}

function given(name: string, value: string | undefined, sample: string): string {
  if (value) return value;
  throw invalid(`-o ${name} needs what to show, such as -o '${name}=${sample}'`);
}

function unknownFormat(name: string): Fault {
  const names = formatNames.map((format) => format.replace('=', ''));
  const near = nearest(name, names);
  return invalid(`\`${name}\` is no format; ${near ? `did you mean ${near}?` : `there are ${names.join(', ')}`}`);
}

function invalid(message: string): Fault {
  return new Fault({ code: 'invalid', reason: 'FormatInvalid', message });
}
