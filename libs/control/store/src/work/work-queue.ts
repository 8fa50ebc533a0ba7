import { isoTime, type Fault } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { WorkError } from '../rows/work.row.ts';
import type { Store } from '../store.ts';
import type { ClaimedWork, ComesBack, WorkTable } from './work-table.port.ts';

const lease = (parameter: string) => `now() + make_interval(secs => ${parameter} / 1000.0)`;

/**
 * The work table in PostgreSQL. Each call is one statement and so its own transaction. Where rows are taken that others
 * may be marking, locked ones are passed over: whoever marks locks in an order of its own.
 */
export class WorkQueue implements WorkTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  claim(kind: WorkKind, most: number, leaseMs: number): Promise<ClaimedWork[]> {
    return this.#store.query<ClaimedWork>(
      `UPDATE work SET claimed_until = ${lease('$3')}, attempts = attempts + 1
       WHERE (kind, key) IN (
         SELECT kind, key FROM work
         WHERE kind = $1 AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
         ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
       RETURNING kind, key, version, attempts, traceparent`,
      [kind, most, leaseMs],
    );
  }

  async renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = ${lease('$3')} WHERE (kind, key) IN (
         SELECT kind, key FROM work WHERE kind = $1 AND key = ANY($2) AND claimed_until IS NOT NULL
         FOR UPDATE SKIP LOCKED)`,
      [kind, keys, leaseMs],
    );
  }

  async finish({ kind, key, version }: ClaimedWork): Promise<void> {
    const [gone] = await this.#store.query(
      `DELETE FROM work WHERE kind = $1 AND key = $2 AND version = $3 RETURNING key`,
      [kind, key, version],
    );
    if (!gone) await this.#release({ kind, key, version });
  }

  async comeBack({ kind, key, version }: ClaimedWork, afterMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, attempts = 0, error = NULL, since = now(),
         due_at = CASE WHEN version = $3 THEN ${lease('$4')} ELSE due_at END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, afterMs],
    );
  }

  async fail({ kind, key, version }: ClaimedWork, fault: Fault, { afterMs, now }: ComesBack): Promise<void> {
    const error: WorkError = {
      reason: fault.reason,
      message: fault.message,
      at: isoTime(now),
      ...(fault.consequence.kind === 'stall' && { until: fault.consequence.until }),
    };
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, error = $4, due_at = CASE
         WHEN version <> $3 THEN now()
         WHEN $5::float8 IS NULL THEN 'infinity'
         ELSE ${lease('$5')} END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, jsonText(error), afterMs ?? null],
    );
  }

  /** Somebody marked the key while it was looked at: let the next one have it. */
  async #release({ kind, key, version }: Pick<ClaimedWork, 'kind' | 'key' | 'version'>): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, due_at = least(due_at, now()) WHERE kind = $1 AND key = $2 AND version <> $3`,
      [kind, key, version],
    );
  }
}
