import type { Fault } from '@flotilla/foundation';
import { isoTime } from '@flotilla/foundation';
import type { WorkKind } from '@flotilla/model';
import { jsonText } from '../json-text.ts';
import type { WorkError } from '../rows/work.row.ts';
import type { Store } from '../store.ts';

/** One key that this replica may look at until its lease ends. */
export interface ClaimedWork {
  readonly kind: WorkKind;
  readonly key: string;
  readonly version: string;
  readonly attempts: number;
  readonly traceparent: string | null;
}

/** The work table: claimed with a lease, finished only in the version that was seen. */
export class WorkQueue {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Takes up to `most` due keys that no other replica holds. A crash gives them back when the lease ends. */
  claim(kind: WorkKind, most: number, leaseMs: number): Promise<ClaimedWork[]> {
    return this.#store.transact((transaction) =>
      transaction.query<ClaimedWork>(
        `UPDATE work SET claimed_until = now() + make_interval(secs => $3 / 1000.0), attempts = attempts + 1
         WHERE (kind, key) IN (
           SELECT kind, key FROM work
           WHERE kind = $1 AND due_at <= now() AND (claimed_until IS NULL OR claimed_until < now())
           ORDER BY due_at LIMIT $2 FOR UPDATE SKIP LOCKED)
         RETURNING kind, key, version, attempts, traceparent`,
        [kind, most, leaseMs],
      ),
    );
  }

  /** Still at it: nobody else may take these keys for another lease. */
  async renew(kind: WorkKind, keys: readonly string[], leaseMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = now() + make_interval(secs => $3 / 1000.0)
       WHERE kind = $1 AND key = ANY($2) AND claimed_until IS NOT NULL`,
      [kind, keys, leaseMs],
    );
  }

  /** Done: gone, unless somebody marked it in between; then it is due again at once. */
  async finish({ kind, key, version }: ClaimedWork): Promise<void> {
    const [gone] = await this.#store.transact((transaction) =>
      transaction.query(`DELETE FROM work WHERE kind = $1 AND key = $2 AND version = $3 RETURNING key`, [
        kind,
        key,
        version,
      ]),
    );
    if (!gone) await this.#release({ kind, key, version });
  }

  /** Done for now: due again after `afterMs`, or earlier when somebody marks it. */
  async comeBack({ kind, key, version }: ClaimedWork, afterMs: number): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, attempts = 0, error = NULL, since = now(),
         due_at = CASE WHEN version = $3 THEN now() + make_interval(secs => $4 / 1000.0) ELSE due_at END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, afterMs],
    );
  }

  /** Failed: due again after `afterMs`; without a number, only a new mark brings it back. The error stays to be read. */
  async fail(
    { kind, key, version }: ClaimedWork,
    fault: Fault,
    options: { afterMs: number | undefined; now: number },
  ): Promise<void> {
    const { afterMs, now } = options;
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
         ELSE now() + make_interval(secs => $5 / 1000.0) END
       WHERE kind = $1 AND key = $2`,
      [kind, key, version, jsonText(error), afterMs ?? null],
    );
  }

  /** Somebody marked the key while it was looked at: let the next one have it. */
  async #release({ kind, key, version }: { kind: WorkKind; key: string; version: string }): Promise<void> {
    await this.#store.query(
      `UPDATE work SET claimed_until = NULL, due_at = least(due_at, now()) WHERE kind = $1 AND key = $2 AND version <> $3`,
      [kind, key, version],
    );
  }
}
