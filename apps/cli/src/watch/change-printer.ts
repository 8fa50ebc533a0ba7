import { Fault } from '@flotilla/foundation';
import type { Noun } from '../nouns/noun.ts';
import { customCells } from '../output/custom-columns.ts';
import type { Format } from '../output/format.ts';
import { cellsOf, columnsFor } from '../output/item-rows.ts';
import { structured } from '../output/structured.ts';
import { columnWidths, formatTable, type Cell } from '../output/table.ts';
import type { Session } from '../session.ts';
import type { ItemChange } from './known-items.ts';

export interface ChangePrinterOptions {
  readonly noun: Noun;
  readonly format: Format;
  readonly headers: boolean;
  readonly showLabels: boolean;
  readonly withEvents: boolean;
}

/** Writes changes one after another, each as soon as it is known: rows under each other, or documents. */
export class ChangePrinter {
  readonly #session: Session;
  readonly #options: ChangePrinterOptions;
  #widths: number[] = [];
  #begun = false;

  constructor(session: Session, options: ChangePrinterOptions) {
    this.#session = session;
    this.#options = options;
    const { kind } = options.format;
    if (options.withEvents && kind !== 'json' && kind !== 'yaml') throw eventsNeedStructure();
  }

  /** How a thing looks: in a table without what moves with time alone, which would repeat every row for ever. */
  lookOf(item: unknown): string {
    const { noun, format, showLabels } = this.#options;
    if (format.kind !== 'table') return JSON.stringify(item);
    const still = columnsFor(noun, { wide: format.wide, showLabels, withProject: false }).filter(
      ({ moving }) => !moving,
    );
    return JSON.stringify(still.map((column) => column.text({ item, project: '' }, this.#session.now())));
  }

  async print(changes: readonly ItemChange[]): Promise<void> {
    const { noun, format } = this.#options;
    if (format.kind === 'table' || format.kind === 'custom-columns') return this.#printRows(changes);
    for (const change of changes) {
      const { item } = change;
      if (format.kind === 'name') this.#session.printExact(`${noun.singular}/${noun.nameOf(item)}`);
      else if (format.kind === 'jsonpath') this.#session.printExact(format.template.fill(item));
      else this.#session.printExact(await this.#document(change, format.kind));
    }
  }

  async #document({ type, item }: ItemChange, kind: 'json' | 'yaml'): Promise<string> {
    const text = await structured(this.#options.withEvents ? { type, object: item } : item, kind);
    return kind === 'yaml' ? `---\n${text}` : text;
  }

  #printRows(changes: readonly ItemChange[]): void {
    if (changes.length === 0) return;
    const headers = this.#options.headers && !this.#begun ? this.#headers() : undefined;
    const rows = changes.map(({ item }) => this.#cells(item));
    const all = headers ? [headers.map((text) => ({ text })), ...rows] : rows;
    this.#widths = columnWidths(all, this.#widths);
    this.#begun = true;
    this.#session.print(formatTable({ headers, rows, widths: this.#widths }));
  }

  #headers(): string[] {
    const { format } = this.#options;
    const columns = format.kind === 'custom-columns' ? format.columns : this.#columns();
    return columns.map(({ header }) => header);
  }

  #cells(item: unknown): Cell[] {
    const { format } = this.#options;
    if (format.kind === 'custom-columns') return customCells(format.columns, item);
    const { tones } = this.#session;
    return cellsOf(this.#columns(), { item, project: '' }, { now: this.#session.now(), tones });
  }

  #columns() {
    const { noun, format, showLabels } = this.#options;
    return columnsFor(noun, { wide: format.kind === 'table' && format.wide, showLabels, withProject: false });
  }
}

function eventsNeedStructure(): Fault {
  const message = '--output-watch-events says what each change is, and needs -o json or -o yaml';
  return new Fault({ code: 'invalid', reason: 'FormatInvalid', message });
}
