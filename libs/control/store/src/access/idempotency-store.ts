import type { Idempotency, IdempotentRequest, RememberedAnswer } from '@flotilla/control-access';
import { done, refused, type Outcome } from '@flotilla/foundation';
import type { Store } from '../store.ts';

/** How long an answer is remembered. */
export const rememberedFor = `interval '1 day'`;
/**
 * How long a request may be under way before its key counts as abandoned: the process died with it. Should one take longer,
 * an order is carried out once all the same. The time is the database's, which replicas share.
 */
const underWayFor = `interval '30 seconds'`;

/** Idempotency keys in PostgreSQL. */
export class IdempotencyStore implements Idempotency {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async begin(
    request: IdempotentRequest,
  ): Promise<Outcome<RememberedAnswer | undefined, 'in-flight' | 'other-request'>> {
    const { principal, key, requestDigest } = request;
    await this.#store.query(
      `DELETE FROM idempotency_key WHERE principal = $1 AND key = $2 AND (created_at < now() - ${rememberedFor}
       OR status IS NULL AND created_at < now() - ${underWayFor})`,
      [principal, key],
    );
    const [mine] = await this.#store.query(
      `INSERT INTO idempotency_key (principal, key, request_digest, created_at) VALUES ($1, $2, $3, now())
       ON CONFLICT (principal, key) DO NOTHING RETURNING key`,
      [principal, key, requestDigest],
    );
    if (mine) return done(undefined);
    const [first] = await this.#store.query<{ request_digest: string; status: number | null; body: unknown }>(
      `SELECT request_digest, status, body FROM idempotency_key WHERE principal = $1 AND key = $2`,
      [principal, key],
    );
    if (first && first.request_digest !== requestDigest) return refused('other-request');
    return first?.status ? done({ status: first.status, body: first.body }) : refused('in-flight');
  }

  async finish({ principal, key }: IdempotentRequest, answer: RememberedAnswer): Promise<void> {
    await this.#store.query(`UPDATE idempotency_key SET status = $3, body = $4 WHERE principal = $1 AND key = $2`, [
      principal,
      key,
      answer.status,
      JSON.stringify(answer.body ?? null),
    ]);
  }

  async abandon({ principal, key }: IdempotentRequest): Promise<void> {
    await this.#store.query(`DELETE FROM idempotency_key WHERE principal = $1 AND key = $2 AND status IS NULL`, [
      principal,
      key,
    ]);
  }
}
