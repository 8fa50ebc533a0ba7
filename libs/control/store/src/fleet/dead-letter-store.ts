import type {
  DeadLetterContent,
  DeadLetterDesk,
  DeadLetterReading,
  DeadLetters,
  DeadMessage,
  LetterOrder,
  ReplayedMessage,
} from '@flotilla/control-fleet';
import { Fault } from '@flotilla/foundation';
import { workKinds, type Page, type PageRequest, type WorkKind, type LedgerAction } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import { pageOfRows, readCursor } from '../readers/keyset.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** How many letters are kept: of one cluster, so that it cannot push out those of others, and in all. */
const limits = { clusterMax: 50, allMax: 2_000 } as const;

/** Dead letters in PostgreSQL: messages in a table of their own, and work where it always is. */
export class DeadLetterStore implements DeadLetters, DeadLetterDesk {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  keep(messages: readonly DeadMessage[]): Promise<number> {
    return this.#store.transact(async (transaction) => {
      // One keeper at a time: what has to go is counted, and two that count together would both be wrong.
      await transaction.query(`SELECT pg_advisory_xact_lock(hashtextextended('dead letters', 0))`);
      await this.#write(transaction, messages);
      return trim(transaction, [...new Set(messages.map(({ cluster }) => cluster))]);
    });
  }

  async letters({ project, page }: { project: string; page: PageRequest }): Promise<Page<DeadLetterReading>> {
    const [before, beforeId] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<LetterRow>(
      `${lettersOf} WHERE $2::timestamptz IS NULL OR (last_at, id) < ($2, $3) ORDER BY last_at DESC, id DESC LIMIT $4`,
      [project, before, beforeId, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: reading, key: (row) => [row.cursor, row.id] });
  }

  async letter(project: string, id: string): Promise<DeadLetterContent | undefined> {
    const [row] = await this.#store.query<LetterRow & { content: Buffer }>(
      `${lettersOf.replace('SELECT', 'SELECT content,')} WHERE id = $2`,
      [project, id],
    );
    return row && { ...reading(row), content: row.content };
  }

  replay(order: LetterOrder, send: (message: ReplayedMessage) => void): Promise<boolean> {
    return this.#order(order, 'deadletter.replay', async (transaction) => {
      const work = workOf(order.id);
      if (work) return revive(transaction, order.project, work);
      const message = await take(transaction, order);
      if (message && message.size > message.data.length) throw cut(order.id, message.size);
      if (message) send(message);
      return message !== undefined;
    });
  }

  discard(order: LetterOrder): Promise<boolean> {
    return this.#order(order, 'deadletter.discard', async (transaction) => {
      const work = workOf(order.id);
      if (!work) return (await take(transaction, order)) !== undefined;
      const gone = await transaction.query(
        `DELETE FROM work WHERE project = $1 AND kind = $2 AND key = $3 AND due_at = 'infinity' RETURNING key`,
        [order.project, work.kind, work.key],
      );
      return gone.length > 0;
    });
  }

  #order(
    { project, id, by }: LetterOrder,
    action: LedgerAction,
    carryOut: (transaction: Transaction) => Promise<boolean>,
  ): Promise<boolean> {
    return this.#store.transact(async (transaction) => {
      const isDone = await carryOut(transaction);
      const message = `${action === 'deadletter.replay' ? 'handed in again' : 'discarded'}: ${id}`;
      if (isDone) transaction.record({ project, actor: by, action, subject: `DeadLetter ${project}/${id}`, message });
      return isDone;
    });
  }

  /** What a cluster says that nobody knows is nobody's to read. */
  async #write(transaction: Transaction, messages: readonly DeadMessage[]): Promise<void> {
    const rows = messages.map(({ data, ...message }) => ({
      ...message,
      id: this.#store.ids.next(),
      bytes: Buffer.from(data).toString('base64'),
    }));
    await transaction.query(
      `INSERT INTO dead_letter AS known (id, project, cluster, service, kind, digest, size, bytes, reason, message,
         first_at, last_at, count)
       SELECT said.id, project, cluster, service, kind, digest, size, decode(bytes, 'base64'), reason, message,
         now(), now(), count
       FROM jsonb_to_recordset($1) AS said (id text, cluster text, service text, kind text, digest text, size int,
         bytes text, reason text, message text, count int) JOIN cluster ON cluster.uid = said.cluster
       ON CONFLICT (cluster, service, kind, digest) DO UPDATE SET count = known.count + excluded.count,
         reason = excluded.reason, message = excluded.message, last_at = excluded.last_at`,
      [jsonText(rows)],
    );
  }
}

/** The oldest make way: those of a cluster that has too many, and then those of whoever has the most. */
async function trim(transaction: Transaction, clusters: readonly string[]): Promise<number> {
  const placed = 'row_number() OVER (PARTITION BY cluster ORDER BY last_at DESC, id DESC) AS place';
  const own = await transaction.query(
    `DELETE FROM dead_letter WHERE id IN (
       SELECT id FROM (SELECT id, ${placed} FROM dead_letter WHERE cluster = ANY($1)) AS own WHERE place > $2)
     RETURNING id`,
    [clusters, limits.clusterMax],
  );
  const fullest = await transaction.query(
    `DELETE FROM dead_letter WHERE id IN (
       SELECT id FROM (SELECT id, ${placed} FROM dead_letter) AS every ORDER BY place DESC, id
       LIMIT greatest(0, (SELECT count(*) FROM dead_letter) - $1)) RETURNING id`,
    [limits.allMax],
  );
  return own.length + fullest.length;
}

interface LetterRow {
  readonly id: string;
  readonly kind: 'message' | 'work';
  readonly subject: string;
  readonly cluster: string | null;
  readonly reason: string;
  readonly message: string;
  readonly first_at: Date;
  readonly last_at: Date;
  readonly cursor: string;
  readonly count: number;
  readonly size: number;
}

/** Messages and work of the project `$1` side by side. */
const lettersOf = `
  SELECT id, kind, subject, cluster, reason, message, first_at, last_at, last_at::text AS cursor, count, size FROM (
    SELECT id, 'message' AS kind, letter.kind AS subject, cluster.name AS cluster, reason, message, first_at, last_at,
      count, size, bytes AS content
    FROM dead_letter letter LEFT JOIN cluster ON cluster.uid = letter.cluster WHERE letter.project = $1
    UNION ALL
    SELECT work.kind || '.' || key, 'work', work.kind || ' ' || key, NULL, coalesce(error ->> 'reason', 'Unknown'),
      coalesce(error ->> 'message', ''), since, since, attempts, length(content), content
    FROM work, LATERAL (SELECT convert_to(to_jsonb(work)::text, 'UTF8') AS content) AS kept
    WHERE project = $1 AND due_at = 'infinity') AS letter`;

function reading({ cursor: _, first_at: firstAt, last_at: lastAt, cluster, ...row }: LetterRow): DeadLetterReading {
  const { id, kind, subject, reason, message, count, size } = row;
  return { id, kind, subject, ...(cluster && { cluster }), reason, message, firstAt, lastAt, count, size };
}

interface WorkPlace {
  readonly kind: WorkKind;
  readonly key: string;
}

/** Letters of work are named by their place in the work table: `plan.01j…`. Messages have ids without a dot. */
function workOf(id: string): WorkPlace | undefined {
  const [kind, ...key] = id.split('.');
  return workKinds.includes(kind as WorkKind) && key.length > 0
    ? { kind: kind as WorkKind, key: key.join('.') }
    : undefined;
}

/** As if it had never failed. */
async function revive(transaction: Transaction, project: string, { kind, key }: WorkPlace): Promise<boolean> {
  const found = await transaction.query(
    `UPDATE work SET crashes = 0, error = NULL
     WHERE project = $1 AND kind = $2 AND key = $3 AND due_at = 'infinity' RETURNING key`,
    [project, kind, key],
  );
  if (found.length > 0) transaction.mark(kind, [key]);
  return found.length > 0;
}

async function take(
  transaction: Transaction,
  { project, id }: LetterOrder,
): Promise<(ReplayedMessage & { readonly size: number }) | undefined> {
  const [message] = await transaction.query<ReplayedMessage & { readonly size: number }>(
    `DELETE FROM dead_letter WHERE project = $1 AND id = $2 RETURNING cluster, kind, bytes AS data, size`,
    [project, id],
  );
  return message;
}

function cut(id: string, size: number): Fault {
  return new Fault({
    code: 'conflict',
    reason: 'DeadLetterCut',
    message: `only the beginning of the ${size} bytes of dead letter ${id} was kept; it can be read and discarded`,
    consequence: { kind: 'stall', until: 'it is discarded' },
  });
}
