import type { ChainStretch, EventQuery, LedgerReader, RecordedEvent } from '@flotilla/control-access';
import type { ChainPoint, LedgerLine, Page } from '@flotilla/model';
import { lineColumns, openLine, type LineRow } from '../ledger/open-lines.ts';
import type { Store } from '../store.ts';
import { pageOfRows, readCursor } from './keyset.ts';

/** The ledger, read from PostgreSQL. */
export class StoredLedger implements LedgerReader {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async events(query: EventQuery): Promise<Page<RecordedEvent>> {
    const { project, subject, actor, action, since, until, page } = query;
    const [before] = readCursor(page, ['number']);
    const rows = await this.#store.query<EventRow>(
      `SELECT id, at, project, actor, action, subject, message, seq FROM ledger
       WHERE project = $1 AND ($2::text IS NULL OR subject = $2) AND ($3::bigint IS NULL OR id < $3)
         AND ($5::text IS NULL OR actor = $5) AND ($6::text IS NULL OR action = $6 OR starts_with(action, $6 || '.'))
         AND ($7::timestamptz IS NULL OR at >= $7) AND ($8::timestamptz IS NULL OR at < $8)
       ORDER BY id DESC LIMIT $4`,
      [project, subject ?? null, before, page.limit + 1, actor ?? null, action ?? null, since ?? null, until ?? null],
    );
    return pageOfRows(rows, page.limit, { item: recordedEvent, key: (row) => [row.id] });
  }

  /** One statement, and so one moment: whoever seals or sweeps meanwhile is seen wholly or not at all. */
  async chain({ after = 0, limit }: { after?: number | undefined; limit: number }): Promise<ChainStretch> {
    const rows = await this.#store.query<ChainRow & (LineOfChain | NoLine)>(
      `SELECT chain.*, (SELECT count(*) FROM ledger WHERE seq IS NULL) AS unsealed, line.*
       FROM ledger_chain chain LEFT JOIN LATERAL (
         SELECT seq, hash, ${lineColumns} FROM ledger WHERE seq > greatest($1::bigint, anchor_seq) ORDER BY seq LIMIT $2) line
         ON true
       ORDER BY line.seq`,
      [after, limit],
    );
    const [chain] = rows;
    return {
      anchor: pointOf(chain!.anchor_seq, chain!.anchor_hash),
      head: pointOf(chain!.head_seq, chain!.head_hash),
      unsealed: Number(chain!.unsealed),
      lines: rows.flatMap((row) => (row.seq === null ? [] : [lineOf(row)])),
    };
  }
}

type EventRow = Omit<RecordedEvent, 'seq'> & { readonly seq: string | null };

interface ChainRow {
  readonly anchor_seq: string;
  readonly anchor_hash: string;
  readonly head_seq: string;
  readonly head_hash: string;
  readonly unsealed: string;
}

type LineOfChain = LineRow & { readonly seq: string; readonly hash: string };

interface NoLine {
  readonly seq: null;
}

function recordedEvent({ seq, ...event }: EventRow): RecordedEvent {
  return { ...event, ...(seq !== null && { seq: Number(seq) }) };
}

function pointOf(seq: string, hash: string): ChainPoint {
  return { seq: Number(seq), hash };
}

function lineOf(row: LineOfChain): LedgerLine {
  return { ...pointOf(row.seq, row.hash), ...openLine(row) };
}
