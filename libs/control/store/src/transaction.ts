import type { EntityManager } from 'typeorm';
import type { LedgerEvent } from '@flotilla/control-access';
import { actorText, type WorkKind } from '@flotilla/model';
import { jsonText } from './json-text.ts';
import { rowsOf } from './rows-of.ts';
import { writeNotices } from './sources/write-notices.ts';
import { writeMarks, type WorkMark } from './work/write-marks.ts';

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
  readonly #marks = new Map<string, WorkMark>();
  readonly #changed = new Map<string, { kind: string; project: string; ids: Set<string> }>();
  readonly #ledger: LedgerEvent[] = [];

  constructor(manager: EntityManager, traceparent: string | undefined) {
    this.manager = manager;
    this.#traceparent = traceparent;
  }

  async query<Row>(sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
    return rowsOf<Row>(await this.manager.query(sql, [...parameters]));
  }

  /** Says that these keys have to be looked at: now, or after a while unless somebody marks them again. */
  mark(kind: WorkKind, keys: Iterable<string>, inMs = 0): void {
    for (const key of keys) this.#marks.set(`${kind}/${key}`, { kind, key, inMs });
  }

  /** Says that screens may want to read these again. */
  changed(kind: string, project: string, ids: Iterable<string>): void {
    const entry = this.#changed.get(`${kind}/${project}`) ?? { kind, project, ids: new Set<string>() };
    for (const id of ids) entry.ids.add(id);
    if (entry.ids.size > 0) this.#changed.set(`${kind}/${project}`, entry);
  }

  /** Writes a line into the ledger, in this transaction or not at all. */
  record(event: LedgerEvent): void {
    this.#ledger.push(event);
    this.changed('event', event.project, ['*']);
  }

  async flush(): Promise<Announcement> {
    const lines = this.#ledger.map(({ actor, ...line }) => ({ ...line, actor: actorText(actor) }));
    this.mark('notify', await writeNotices(this, lines));
    const marks = [...this.#marks.values()];
    await writeMarks(this, marks, this.#traceparent);
    await this.#writeLedger(lines);
    return {
      work: [...new Set(marks.flatMap(({ kind, inMs }) => (inMs === 0 ? [kind] : [])))],
      changed: [...this.#changed.values()].map(({ kind, project, ids }) => ({ kind, project, ids: [...ids] })),
      traceparent: this.#traceparent,
    };
  }

  async #writeLedger(lines: readonly object[]): Promise<void> {
    if (lines.length === 0) return;
    await this.query(
      `INSERT INTO ledger (at, project, actor, action, subject, message, traceparent)
       SELECT now(), project, actor, action, subject, message, $2
       FROM jsonb_to_recordset($1) AS line (project text, actor text, action text, subject text, message text)`,
      [jsonText(lines), this.#traceparent ?? null],
    );
  }
}
