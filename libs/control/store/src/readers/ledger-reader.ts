import type { RecordedEvent, LedgerReader } from '@flotilla/control-access';
import type { Page, PageRequest } from '@flotilla/model';
import type { Store } from '../store.ts';
import { pageOfRows, readCursor } from './keyset.ts';

/** The ledger, read from PostgreSQL; newest first. */
export class StoredLedger implements LedgerReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async events(query: {
    project: string;
    subject?: string | undefined;
    page: PageRequest;
  }): Promise<Page<RecordedEvent>> {
    const { project, subject, page } = query;
    const [before] = readCursor(page, ['number']);
    const rows = await this.#store.query<RecordedEvent>(
      `SELECT id, at, project, actor, action, subject, message FROM ledger
       WHERE project = $1 AND ($2::text IS NULL OR subject = $2) AND ($3::bigint IS NULL OR id < $3)
       ORDER BY id DESC LIMIT $4`,
      [project, subject ?? null, before, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: (row) => row, key: (row) => [row.id] });
  }
}
