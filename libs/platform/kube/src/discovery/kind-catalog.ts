import { Fault, nearest, type Clock } from '@flotilla/foundation';
import type { GroupKind } from '@flotilla/model';
import type { Caller } from '../client/caller.ts';
import { discover, type Discovery } from './discover.ts';
import { kindTitle, type KindInfo, type KindTable } from './kind-table.ts';

export interface KindCatalogOptions {
  readonly caller: Caller;
  readonly clock: Clock;
}

/** A kind that is not there is looked for again no more often than this. */
const missRefreshMs = 5_000;

/**
 * What the API server serves, remembered. A kind that is not in the table is asked for again at the server, since
 * its definition may just have been applied; many who miss at once share one request.
 */
export class KindCatalog {
  readonly #options: KindCatalogOptions;
  #known: Discovery | undefined;
  #asking: Promise<KindTable> | undefined;
  #askedAt = -Infinity;

  constructor(options: KindCatalogOptions) {
    this.#options = options;
  }

  /** The table as it was last read; the first call reads it. */
  async table(): Promise<KindTable> {
    return this.#known?.table ?? this.refresh();
  }

  refresh(): Promise<KindTable> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** How a kind is served, or `undefined` when the server does not know it now. */
  async find(groupKind: GroupKind, version?: string): Promise<KindInfo | undefined> {
    const found = (await this.table()).resolve(groupKind, version);
    if (found || this.#options.clock.now() - this.#askedAt < missRefreshMs) return found;
    return (await this.refresh()).resolve(groupKind, version);
  }

  /** How a kind is served; a fault that waits for it when the server does not know it. */
  async require(groupKind: GroupKind, version?: string): Promise<KindInfo> {
    return (await this.find(groupKind, version)) ?? this.#unknown(groupKind, version);
  }

  /** The server said that a path of the table is not there: the table is read again before it is believed again. */
  doubt(): void {
    if (this.#options.clock.now() - this.#askedAt >= missRefreshMs) void this.refresh().catch(() => undefined);
  }

  async #ask(): Promise<KindTable> {
    this.#askedAt = this.#options.clock.now();
    this.#known = await discover(this.#options.caller, this.#known);
    return this.#known.table;
  }

  async #unknown(groupKind: GroupKind, version: string | undefined): Promise<never> {
    const title = kindTitle(groupKind, version);
    throw new Fault({
      code: 'not-found',
      reason: 'KindUnknown',
      message: `the API server does not serve ${title}; ${wayOut(await this.table(), groupKind)}`,
      subject: title,
      consequence: { kind: 'wait', forWhat: `the definition of ${title}` },
    });
  }
}

function wayOut(table: KindTable, groupKind: GroupKind): string {
  const { group, kind } = groupKind;
  if (table.failedGroups.includes(group)) return `its group ${group} does not answer at present`;
  const versions = table.versionsOf(groupKind);
  if (versions.length > 0) return `it serves ${versions.join(', ')} of it`;
  const near = nearest(kind, [...new Set(table.all.map((info) => info.kind))]);
  const elsewhere = table.all.find((info) => info.kind === near);
  const hint = elsewhere ? `, or is ${kindTitle(elsewhere, elsewhere.version)} meant?` : '';
  return `is its CustomResourceDefinition installed${hint || '?'}`;
}
