import type { ChangedKind } from '@flotilla/contracts';
import type { Page } from '@flotilla/model';
import type { WatchedItem, WatchedNoun } from './watched-nouns.ts';

/** What streams read: everything of a kind in a project, or only what one change named. */
export interface WatchedList {
  readonly kind: ChangedKind;
  readonly project: string;
  readonly change?: { readonly number: number; readonly ids: ReadonlySet<string> };
}

/** Enough for streams that are about equally far; whoever is far behind reads for himself. */
const pagesMax = 16;

/**
 * The pages that the streams of this gateway read, each of them once: hundreds of screens that hear of one change, or
 * that come back at the same moment, ask the database as often as one. Nobody is given what is older than what he knows:
 * he says since when, and a read that began before is not for him.
 */
export class SharedPages {
  readonly #nouns: Readonly<Record<ChangedKind, WatchedNoun>>;
  readonly #readings = new Map<string, Reading>();
  #moment = 0;

  constructor(nouns: Readonly<Record<ChangedKind, WatchedNoun>>) {
    this.#nouns = nouns;
  }

  /** This moment: a read that begins later tells at least what is true now. */
  now(): number {
    return ++this.#moment;
  }

  /** A list from its beginning, read after `since`, page by page. */
  async *pages(list: WatchedList, since: number): AsyncGenerator<readonly WatchedItem[]> {
    let cursor: string | undefined;
    do {
      const page: Page<WatchedItem> = await this.#page(list, cursor, since);
      yield page.items;
      cursor = page.nextCursor;
    } while (cursor);
  }

  /** Of each page one read is under way and one waits for its end, however many ask. */
  #page(list: WatchedList, cursor: string | undefined, since: number): Promise<Page<WatchedItem>> {
    const key = [list.kind, list.project, list.change?.number ?? '', cursor ?? ''].join('/');
    const newest = this.#readings.get(key);
    if (newest && newest.begun > since) return newest.page;
    const ids = list.change && [...list.change.ids];
    const read = () => this.#nouns[list.kind].page(list.project, { ...(ids && { ids }), ...(cursor && { cursor }) });
    const next = this.#read(read, newest?.page);
    this.#keep(key, next);
    return next.page;
  }

  #read(read: () => Promise<Page<WatchedItem>>, before: Promise<unknown> | undefined): Reading {
    const begin = () => {
      reading.begun = this.now();
      return read();
    };
    const reading: Reading = { begun: Number.POSITIVE_INFINITY, page: Promise.resolve(before).then(begin, begin) };
    return reading;
  }

  #keep(key: string, reading: Reading): void {
    this.#readings.delete(key);
    this.#readings.set(key, reading);
    const [oldest] = this.#readings.keys();
    if (this.#readings.size > pagesMax) this.#readings.delete(oldest!);
    // Whoever waits for it hears of the failure; whoever comes later tries again.
    reading.page.catch(() => this.#readings.get(key) === reading && this.#readings.delete(key));
  }
}

/** One read of one page: when it began, which one that still waits for its turn did not. */
interface Reading {
  begun: number;
  readonly page: Promise<Page<WatchedItem>>;
}
