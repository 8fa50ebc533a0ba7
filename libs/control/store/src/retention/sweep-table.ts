import type { Store } from '../store.ts';

/** How one table is kept bounded. */
export type RetentionRule = RowRule | OwnSweep;

/** A table whose rows are not each to be judged for themselves. */
interface OwnSweep {
  readonly table: string;
  /** Deletes what nobody needs any more, and returns how many rows that was. It may be stopped anywhere. */
  sweep(store: Store, signal: AbortSignal): Promise<number>;
}

/** Which rows of one table nobody needs any more. */
interface RowRule {
  readonly table: string;
  /**
   * The column by whose values the table is walked, so that each look is at a few of them, found by an index. Without it
   * `removable` has to be what an index finds.
   */
  readonly by?: string;
  /** Where those values are listed, when that is not the table itself. */
  readonly listedIn?: { readonly table: string; readonly column: string };
  /** SQL over one row, `old`. It is asked again of a row that somebody else has just changed. */
  readonly removable: string;
  /** A time of each row: up to when the table was swept is remembered, so that nobody takes what is left for everything. */
  readonly remembers?: string;
  /** Fewer than usual, where there are many rows of one value and each takes long to judge. */
  readonly atOnce?: AtOnce;
}

interface AtOnce {
  readonly values: number;
  readonly rows: number;
}

/** So few that nobody waits long behind one batch. */
const usual: AtOnce = { values: 200, rows: 1_000 };

/**
 * Deletes what nobody needs any more, a batch and a transaction at a time, and returns how many rows that was. It may be
 * stopped anywhere. Rows that somebody holds are left for the next time, so replicas that sweep at once share the work.
 */
export async function sweepTable(
  store: Store,
  rule: RetentionRule,
  signal: AbortSignal = neverStopped,
): Promise<number> {
  if ('sweep' in rule) return rule.sweep(store, signal);
  const { by } = rule;
  if (by === undefined) return deleteBatches(store, { rule, signal });
  let removed = 0;
  let after: string | undefined = '';
  while (after !== undefined && !signal.aborted) {
    const values = await nextValues(store, { rule, by, after });
    if (values.length > 0) removed += await deleteBatches(store, { rule, signal, among: { by, values } });
    after = values.at(-1);
  }
  return removed;
}

const neverStopped = new AbortController().signal;

/** Walks from value to value through the index, over all rows that share one. */
async function nextValues(
  store: Store,
  { rule, by, after }: { rule: RowRule; by: string; after: string },
): Promise<string[]> {
  const { table, column } = rule.listedIn ?? { table: rule.table, column: by };
  const next = (than: string) => `SELECT ${column} FROM ${table} WHERE ${column} > ${than} ORDER BY ${column} LIMIT 1`;
  const rows = await byIndex<{ value: string }>(
    store,
    `WITH RECURSIVE walked AS (
       (${next('$1')}) UNION ALL
       SELECT (${next(`walked.${column}`)}) FROM walked WHERE walked.${column} IS NOT NULL)
     SELECT ${column} AS value FROM walked WHERE ${column} IS NOT NULL LIMIT ${(rule.atOnce ?? usual).values}`,
    [after],
  );
  return rows.map(({ value }) => value);
}

interface Deleting {
  readonly rule: RowRule;
  readonly signal: AbortSignal;
  readonly among?: { readonly by: string; readonly values: readonly string[] };
}

async function deleteBatches(store: Store, deleting: Deleting): Promise<number> {
  const { rows: rowsMax } = deleting.rule.atOnce ?? usual;
  let removed = 0;
  let rows = rowsMax;
  while (rows === rowsMax && !deleting.signal.aborted) {
    rows = await deleteBatch(store, deleting);
    removed += rows;
  }
  return removed;
}

async function deleteBatch(store: Store, { rule, among }: Deleting): Promise<number> {
  const within = among ? `old.${among.by} = ANY($1) AND ` : '';
  const { table, remembers } = rule;
  const removing = `DELETE FROM ${table} WHERE ctid = ANY(ARRAY(
       SELECT old.ctid FROM ${table} old WHERE ${within}(${rule.removable})
       LIMIT ${(rule.atOnce ?? usual).rows} FOR UPDATE OF old SKIP LOCKED)) RETURNING ${remembers ?? 1}`;
  const remembering = `WITH gone AS (${removing}), remembered AS (
       INSERT INTO swept SELECT '${table}', max(${remembers}) FROM gone HAVING count(*) > 0
       ON CONFLICT (name) DO UPDATE SET until = greatest(swept.until, excluded.until)) SELECT FROM gone`;
  const removed = await byIndex(store, remembers ? remembering : removing, among ? [among.values] : []);
  return removed.length;
}

/** However much of a table is to go, and whatever the statistics think of it: it is not read from its beginning for a batch. */
function byIndex<Row>(store: Store, sql: string, parameters: readonly unknown[]): Promise<Row[]> {
  return store.transact(async (transaction) => {
    await transaction.query('SET LOCAL enable_seqscan = off');
    return transaction.query<Row>(sql, [...parameters]);
  });
}

/**
 * SQL that looks for a row of another table. It is looked for by an index, once for each row of a batch: without `OFFSET 0`
 * PostgreSQL likes to read the whole other table instead, and would do so again with every batch.
 */
export function found(table: string, where: string): string {
  return `EXISTS (SELECT FROM ${table} WHERE ${where} OFFSET 0)`;
}

/** SQL for the moment that lies so far back, by the clock of the database, which replicas share. */
export function before(ms: number): string {
  return `now() - make_interval(secs => ${ms / 1_000})`;
}
