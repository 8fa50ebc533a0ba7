import { Fault } from '@flotilla/foundation';
import { evaluate } from './jsonpath/evaluate.ts';
import type { Path } from './jsonpath/path.ts';
import { readLonePath, valueText } from './jsonpath/template.ts';
import type { Cell } from './table.ts';

export interface CustomColumn {
  readonly header: string;
  readonly path: Path;
}

/** Reads `NAME:.metadata.name,SYNC:.status.sync`. */
export function readCustomColumns(text: string): CustomColumn[] {
  return splitOutsideBrackets(text).map((part) => {
    const [, header, path] = /^([^:]+):(.+)$/s.exec(part) ?? [];
    if (header && path) return { header, path: readLonePath(path) };
    const message = `\`${part}\` is not a column; custom-columns looks like NAME:.metadata.name,SYNC:.status.sync`;
    throw new Fault({ code: 'invalid', reason: 'ColumnsInvalid', message });
  });
}

export function customCells(columns: readonly CustomColumn[], item: unknown): Cell[] {
  return columns.map(({ path }) => {
    const texts = evaluate(path, { root: item, here: item }).map(valueText);
    return { text: texts.length === 0 ? '<none>' : texts.join(',') };
  });
}

/** A comma inside `[...]` belongs to the path. */
function splitOutsideBrackets(text: string): string[] {
  return text.split(/,(?![^[]*\])/);
}
