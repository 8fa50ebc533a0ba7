import type { Delivery, Notice, Notices } from '@flotilla/control-sources';
import type { NotifierDocument } from '@flotilla/model';
import { DocumentRow } from '../rows/document.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** As many lines as one message carries. */
const noticesMax = 50;

/** What receivers are still to be told, in PostgreSQL. */
export class NoticeStore implements Notices {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  next(notifier: string): Promise<Delivery | undefined> {
    return this.#store.transact(async (transaction) => {
      const stored = await transaction.manager.findOneBy(DocumentRow, { uid: notifier, kind: 'Notifier' });
      if (!stored) return void (await transaction.query(`DELETE FROM notice WHERE notifier = $1`, [notifier]));
      const id = (await begun(transaction, notifier)) ?? (await begin(transaction, notifier, this.#store.ids.next()));
      if (id === undefined) return undefined;
      const notices = await transaction.query<Notice>(
        `SELECT at, actor, action, subject, message FROM notice WHERE notifier = $1 AND delivery = $2 ORDER BY id`,
        [notifier, id],
      );
      const [left] = await transaction.query<{ waiting: number }>(
        `SELECT count(*)::int AS waiting FROM notice WHERE notifier = $1 AND delivery IS NULL`,
        [notifier],
      );
      const { project, name, spec } = stored;
      const { to } = spec as NotifierDocument['spec'];
      return { id, project, notifier: name, to, notices, waiting: left!.waiting };
    });
  }

  async delivered({ id }: Delivery): Promise<void> {
    await this.#store.query(`DELETE FROM notice WHERE delivery = $1`, [id]);
  }
}

async function begun(transaction: Transaction, notifier: string): Promise<string | undefined> {
  const [row] = await transaction.query<{ delivery: string }>(
    `SELECT delivery FROM notice WHERE notifier = $1 AND delivery IS NOT NULL ORDER BY id LIMIT 1`,
    [notifier],
  );
  return row?.delivery;
}

/** What comes later belongs to the next one: a receiver that took this and could not say so is sent the very same. */
async function begin(transaction: Transaction, notifier: string, id: string): Promise<string | undefined> {
  const rows = await transaction.query(
    `UPDATE notice SET delivery = $2 WHERE id IN
       (SELECT id FROM notice WHERE notifier = $1 AND delivery IS NULL ORDER BY id LIMIT ${noticesMax} FOR UPDATE)
     RETURNING id`,
    [notifier, id],
  );
  return rows.length > 0 ? id : undefined;
}
