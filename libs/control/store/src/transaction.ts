import type { EntityManager } from 'typeorm';
import type { LedgerEntry } from '@flotilla/control-access';
import { actorText, type WorkKind } from '@flotilla/model';
import { jsonText } from './json-text.ts';
import { rowsOf } from './rows-of.ts';

/** What a committed transaction has to tell: work that waits, and nouns that changed. */
export interface Announcement {
  readonly work: readonly WorkKind[];
  readonly changed: readonly { readonly kind: string; readonly project: string; readonly ids: readonly string[] }[];
  /** The trace that led to it. */
  readonly traceparent?: string | undefined;
}

/**
 * One transaction. Marks and ledger lines are gathered and written at its end, in one order for everybody, so that
 * two transactions that mark the same keys cannot lock each other out.
 */
export class Transaction {
  readonly manager: EntityManager;
  readonly #traceparent: string | undefined;
  readonly #marks = new Map<string, { kind: WorkKind; key: string }>();
  readonly #changed = new Map<string, { kind: string; project: string; ids: Set<string> }>();
  readonly #ledger: LedgerEntry[] = [];

  constructor(manager: EntityManager, traceparent: string | undefined) {
    this.manager = manager;
    this.#traceparent = traceparent;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return rowsOf<Row>(await this.manager.query(sql, [...parameters]));
  }

  /** Says that these keys have to be looked at. */
  mark(kind: WorkKind, keys: Iterable<string>): void {
    for (const key of keys) this.#marks.set(`${kind}/${key}`, { kind, key });
  }

  /** Says that screens may want to read these again. */
  changed(kind: string, project: string, ids: Iterable<string>): void {
    const entry = this.#changed.get(`${kind}/${project}`) ?? { kind, project, ids: new Set<string>() };
    for (const id of ids) entry.ids.add(id);
    if (entry.ids.size > 0) this.#changed.set(`${kind}/${project}`, entry);
  }

  /** Writes a line into the ledger, in this transaction or not at all. */
  record(entry: LedgerEntry): void {
    this.#ledger.push(entry);
    this.changed('event', entry.project, ['*']);
  }

  async flush(): Promise<Announcement> {
    await this.#writeMarks();
    await this.#writeLedger();
    return {
      work: [...new Set([...this.#marks.values()].map(({ kind }) => kind))],
      changed: [...this.#changed.values()].map(({ kind, project, ids }) => ({ kind, project, ids: [...ids] })),
      traceparent: this.#traceparent,
    };
  }

  async #writeMarks(): Promise<void> {
    if (this.#marks.size === 0) return;
    const marks = [...this.#marks.entries()].toSorted(([left], [right]) => (left < right ? -1 : 1));
    await this.query(
      `INSERT INTO work (kind, key, due_at, since, traceparent)
       SELECT kind, key, now(), now(), $3 FROM unnest($1::text[], $2::text[]) AS mark (kind, key)
       ON CONFLICT (kind, key) DO UPDATE SET version = work.version + 1, due_at = least(work.due_at, now()),
         attempts = 0, traceparent = coalesce(excluded.traceparent, work.traceparent)`,
      [marks.map(([, { kind }]) => kind), marks.map(([, { key }]) => key), this.#traceparent ?? null],
    );
  }

  async #writeLedger(): Promise<void> {
    if (this.#ledger.length === 0) return;
    const lines = this.#ledger.map(({ project, actor, action, subject, message }) => ({
      project,
      actor: actorText(actor),
      action,
      subject,
      message,
    }));
    await this.query(
      `INSERT INTO ledger (at, project, actor, action, subject, message, traceparent)
       SELECT now(), project, actor, action, subject, message, $2
       FROM jsonb_to_recordset($1) AS line (project text, actor text, action text, subject text, message text)`,
      [jsonText(lines), this.#traceparent ?? null],
    );
  }
}
