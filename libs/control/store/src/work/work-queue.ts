import { Batch, isoTime, type Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { WorkError } from '../rows/work.row.ts';
import type { Store } from '../store.ts';
import { crashesMax, type ClaimedWork, type ComesBack, type Places, type WorkTable } from './work-table.port.ts';

const lease = (parameter: string) => `now() + make_interval(secs => ${parameter} / 1000.0)`;
const isFree = '(claimed_until IS NULL OR claimed_until < now())';
const told = 'work.kind, work.key, project, version, attempts, crashes, traceparent';

/** A lease that ran out is a look that never ended: whoever takes the key next counts that, before it looks. */
const taken = `attempts = attempts + 1, crashes = crashes + (claimed_until IS NOT NULL)::int`;

/** Finished work waits this long for company; a fan-out finishes thousands of keys in a second. */
const finishing = { windowMs: 1, itemsMax: 1_000 };

/**
 * The work table in PostgreSQL. Each call is one statement and so its own transaction; keys that are finished at the
 * same time share theirs. Where rows are taken that others may be marking, locked ones are passed over: whoever marks
 * locks in an order of its own. What was locked is found again by its place (`ctid`): a plan that guesses wrongly how many
 * rows wait could otherwise compare every row with every other.
 */
export class WorkQueue implements WorkTable {
  readonly #store: Store;
  readonly #finishing: Batch<ClaimedWork>;

  constructor(store: Store) {
    this.#store = store;
    this.#finishing = new Batch({ ...finishing, clock: store.clock, flush: (works) => this.#finish(works) });
  }

  claim(kind: WorkKind, { most, leaseMs, running, projectMax }: Places): Promise<ClaimedWork[]> {
    return this.#store.query<ClaimedWork>(claimInTurns, [
      kind,
      most,
      leaseMs,
      [...running.keys()],
      [...running.values()],
      projectMax,
    ]);
  }

  async claimSuspect(kind: WorkKind, leaseMs: number): Promise<ClaimedWork | undefined> {
    const [suspect] = await this.#store.query<ClaimedWork>(
      `UPDATE work SET claimed_until = ${lease('$2')}, ${taken}
       WHERE (kind, key) IN (
         SELECT kind, key FROM work WHERE kind = $1 AND crashes > 0 AND due_at <= now() AND ${isFree}
         ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
       RETURNING ${told}`,
      [kind, leaseMs],
    );
    return suspect;
  }

  async renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = ${lease('$3')} WHERE (kind, key) IN (
         SELECT kind, key FROM work WHERE kind = $1 AND key = ANY($2) AND claimed_until IS NOT NULL
         FOR UPDATE SKIP LOCKED)`,
      [kind, keys, leaseMs],
    );
  }

  finish(work: ClaimedWork): Promise<void> {
    return this.#finishing.add(work);
  }

  async comeBack({ kind, key, version }: ClaimedWork, afterMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, attempts = 0, crashes = 0, error = NULL, since = now(),
         due_at = CASE WHEN version = $3 THEN ${lease('$4')} ELSE due_at END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, afterMs],
    );
  }

  async fail({ kind, key, version }: ClaimedWork, fault: Fault, { afterMs, now }: ComesBack): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, crashes = 0, error = $4, due_at = CASE
         WHEN version <> $3 THEN now()
         WHEN $5::float8 IS NULL THEN 'infinity'
         ELSE ${lease('$5')} END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, jsonText(errorOf(fault, now)), afterMs ?? null],
    );
  }

  /** It keeps all but one of its crashes: once it is back, the next one sets it aside again. */
  async setAside({ kind, key }: ClaimedWork, fault: Fault, now: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, crashes = ${crashesMax - 1}, error = $3, due_at = 'infinity'
       WHERE kind = $1 AND key = $2`,
      [kind, key, jsonText(errorOf(fault, now))],
    );
  }

  async #finish(works: readonly ClaimedWork[]): Promise<void> {
    const gone = await this.#store.query<{ kind: string; key: string }>(
      `WITH free AS MATERIALIZED (
         SELECT work.ctid AS place FROM work JOIN ${seenWork} USING (kind, key) WHERE work.version = seen.version
         FOR UPDATE OF work SKIP LOCKED)
       DELETE FROM work USING free WHERE work.ctid = place RETURNING work.kind, work.key`,
      columnsOf(works),
    );
    const finished = new Set(gone.map(({ kind, key }) => `${kind}/${key}`));
    const left = works.filter(({ kind, key }) => !finished.has(`${kind}/${key}`));
    if (left.length > 0) await this.#finishSlowly(left);
  }

  /**
   * Somebody marked these keys while they were looked at, or holds them at this moment: marks them, or renews the lease.
   * Waits for whoever does, in the order of those who mark; what is marked then is let go, for the next one to take.
   */
  async #finishSlowly(works: readonly ClaimedWork[]): Promise<void> {
    await this.#store.query(
      `WITH held AS MATERIALIZED (
         SELECT kind, key, work.version = seen.version AS finished FROM work JOIN ${seenWork} USING (kind, key)
         ORDER BY kind COLLATE "C", key COLLATE "C" FOR UPDATE OF work),
       gone AS (
         DELETE FROM work USING held WHERE finished AND (work.kind, work.key) = (held.kind, held.key))
       UPDATE work SET claimed_until = NULL, crashes = 0, due_at = least(due_at, now())
       FROM held WHERE NOT finished AND (work.kind, work.key) = (held.kind, held.key)`,
      columnsOf(works),
    );
  }
}

const seenWork = 'unnest($1::text[], $2::text[], $3::bigint[]) AS seen (kind, key, version)';

function columnsOf(works: readonly ClaimedWork[]): unknown[] {
  return [works.map(({ kind }) => kind), works.map(({ key }) => key), works.map(({ version }) => version)];
}

function errorOf({ reason, message, consequence }: Fault, now: number): WorkError {
  return { reason, message, at: isoTime(now), ...(consequence.kind === 'stall' && { until: consequence.until }) };
}

/**
 * Projects take turns, in one statement. `head` walks from project to project along the index, one probe each, however
 * many keys a project has. The rest looks at as many keys of each as could be taken, and locks only what it takes: what
 * another replica took a moment ago is passed over, so a few more are chosen than are wanted.
 */
const claimInTurns = `
  WITH RECURSIVE head AS (
    (SELECT project, due_at FROM work WHERE kind = $1 ORDER BY project, due_at LIMIT 1)
    UNION ALL
    SELECT next.project, next.due_at FROM head CROSS JOIN LATERAL (
      SELECT project, due_at FROM work WHERE kind = $1 AND project > head.project ORDER BY project, due_at LIMIT 1) next),
  turn AS (
    SELECT project, coalesce(held, 0) AS held
    FROM head LEFT JOIN unnest($4::text[], $5::int[]) AS running (project, held) USING (project)
    WHERE due_at <= now() AND coalesce(held, 0) < $6
    ORDER BY coalesce(held, 0), due_at LIMIT $2 + 64),
  chosen AS (
    SELECT key, held + row_number() OVER (PARTITION BY turn.project ORDER BY due_at) AS place
    FROM turn CROSS JOIN LATERAL (
      SELECT key, due_at FROM work
      WHERE kind = $1 AND work.project = turn.project AND due_at <= now() AND ${isFree} AND crashes = 0
      ORDER BY due_at LIMIT least(2 * $2, $6 - held)) waiting
    ORDER BY place, due_at LIMIT 2 * $2)
  UPDATE work SET claimed_until = ${lease('$3')}, ${taken}
  FROM (SELECT work.ctid AS locked FROM work JOIN chosen USING (key)
        WHERE kind = $1 AND due_at <= now() AND ${isFree} ORDER BY place, due_at LIMIT $2
        FOR UPDATE OF work SKIP LOCKED) mine
  WHERE work.ctid = locked
  RETURNING ${told}`;
