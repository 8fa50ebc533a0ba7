import { documentApiVersion } from '@flotilla/model';
import type { Noun } from '../nouns/noun.ts';
import { customCells } from './custom-columns.ts';
import type { Format } from './format.ts';
import { cellsOf, columnsFor, type Found, type RowOptions } from './item-rows.ts';
import { structured } from './structured.ts';
import { formatTable } from './table.ts';
import type { Tones } from './tones.ts';

export interface PrintOptions extends Omit<RowOptions, 'wide'> {
  readonly noun: Noun;
  readonly format: Format;
  /** One thing was asked for by its name: it is shown as itself, not as a list of one. */
  readonly single: boolean;
  readonly headers: boolean;
  readonly now: number;
  readonly tones: Tones;
}

/** Things in the form that was asked for. */
export async function itemsText(found: readonly Found[], options: PrintOptions): Promise<string> {
  const { noun, format, single, headers, now, tones } = options;
  switch (format.kind) {
    case 'table': {
      if (found.length === 0) return '';
      const columns = columnsFor(noun, { ...options, wide: format.wide });
      const rows = found.map((one) => cellsOf(columns, one, { now, tones }));
      return formatTable({ headers: headers ? columns.map(({ header }) => header) : undefined, rows });
    }
    case 'custom-columns': {
      const rows = found.map(({ item }) => customCells(format.columns, item));
      return formatTable({ headers: headers ? format.columns.map(({ header }) => header) : undefined, rows });
    }
    case 'name':
      return found.map(({ item }) => `${noun.singular}/${noun.nameOf(item)}\n`).join('');
    case 'jsonpath':
      return format.template.fill(wholeOf(found, single));
    case 'json':
    case 'yaml':
      return structured(wholeOf(found, single), format.kind);
  }
}

function wholeOf(found: readonly Found[], single: boolean): unknown {
  const items = found.map(({ item }) => item);
  return single && items.length === 1 ? items[0] : { apiVersion: documentApiVersion, kind: 'List', items };
}
