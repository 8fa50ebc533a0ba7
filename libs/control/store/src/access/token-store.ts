import {
  planRevoke,
  tokenLine,
  type ApiToken,
  type RevokeOrder,
  type TokenOrder,
  type Tokens,
} from '@flotilla/control-access';
import { done } from '@flotilla/foundation';
import { actorText, permissions, type GrantedPermission, type Page, type PageRequest } from '@flotilla/model';
import { pageOfRows, readCursor } from '../readers/keyset.ts';
import { ApiTokenRow } from '../rows/api-token.row.ts';
import type { Store } from '../store.ts';
import type { Transaction } from '../transaction.ts';

/** API tokens in PostgreSQL. Nothing of them is kept in memory: what is revoked is refused by the next request. */
export class TokenStore implements Tokens {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  async find(hash: string): Promise<ApiToken | undefined> {
    const row = await this.#store.manager.findOneBy(ApiTokenRow, { hash });
    return row ? apiToken(row) : undefined;
  }

  async good(hashes: readonly string[], now: number): Promise<readonly string[]> {
    const rows = await this.#store.query<{ hash: string }>(
      `SELECT hash FROM api_token
       WHERE hash = ANY($1) AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)`,
      [hashes, new Date(now)],
    );
    return rows.map(({ hash }) => hash);
  }

  async ensure({ hash, name, permission }: Pick<ApiToken, 'hash' | 'name' | 'permission'>): Promise<void> {
    await this.#store.query(
      `INSERT INTO api_token (hash, name, permissions, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`,
      [hash, name, [permission], this.#store.now()],
    );
  }

  async used(hash: string, at: number): Promise<void> {
    await this.#store.query(
      'UPDATE api_token SET last_used_at = $2 WHERE hash = $1 AND (last_used_at IS NULL OR last_used_at < $2)',
      [hash, new Date(at)],
    );
  }

  make(order: TokenOrder): Promise<ApiToken> {
    return this.#store.transact(async (transaction) => {
      const made = await insert(transaction, order, this.#store.now());
      if (made) transaction.record(tokenLine('create', made, order.by));
      return made ?? madeBefore(transaction, order);
    });
  }

  async list({ project, page }: { project?: string | undefined; page: PageRequest }): Promise<Page<ApiToken>> {
    const [before, beforeHash] = readCursor(page, ['time', 'text']);
    const rows = await this.#store.query<Columns & { readonly cursor: string }>(
      `SELECT ${columns}, created_at::text AS cursor FROM api_token
       WHERE ($1::text IS NULL OR project = $1) AND ($2::timestamptz IS NULL OR (created_at, hash) < ($2, $3))
       ORDER BY created_at DESC, hash DESC LIMIT $4`,
      [project ?? null, before, beforeHash, page.limit + 1],
    );
    return pageOfRows(rows, page.limit, { item: apiToken, key: ({ cursor, hash }) => [cursor, hash] });
  }

  revoke(order: RevokeOrder): ReturnType<Tokens['revoke']> {
    return this.#store.transact(async (transaction) => {
      const going = planRevoke(await standing(transaction), order);
      if (!going.ok) return going;
      const rows = await transaction.query<Columns>(
        `UPDATE api_token SET revoked_at = $2, revoked_by = $3 WHERE hash = ANY($1) RETURNING ${columns}`,
        [going.value.map(({ hash }) => hash), this.#store.now(), actorText(order.by)],
      );
      for (const token of going.value) transaction.record(tokenLine('revoke', token, order.by));
      return done(rows.map(apiToken));
    });
  }
}

type Columns = Omit<ApiTokenRow, 'request'>;

const columns = `hash, name, permissions, project, created_at AS "createdAt", created_by AS "createdBy",
  expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", revoked_by AS "revokedBy"`;

/** All that were not revoked, held in one order for everybody: of two admins who revoke each other, one comes second. */
async function standing(transaction: Transaction): Promise<ApiToken[]> {
  const rows = await transaction.query<Columns>(
    `SELECT ${columns} FROM api_token WHERE revoked_at IS NULL ORDER BY hash FOR UPDATE`,
  );
  return rows.map(apiToken);
}

async function insert(transaction: Transaction, order: TokenOrder, now: Date): Promise<ApiToken | undefined> {
  const { hash, name, permission, project, lifeMs, by, request } = order;
  const expiresAt = lifeMs === undefined ? null : new Date(now.getTime() + lifeMs);
  const [row] = await transaction.query<Columns>(
    `INSERT INTO api_token (hash, name, permissions, project, created_at, created_by, expires_at, request)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (request) DO NOTHING RETURNING ${columns}`,
    [hash, name, [permission], project ?? null, now, actorText(by), expiresAt, request],
  );
  return row && apiToken(row);
}

async function madeBefore(transaction: Transaction, { request }: TokenOrder): Promise<ApiToken> {
  return apiToken(await transaction.manager.findOneByOrFail(ApiTokenRow, { request }));
}

function apiToken({ hash, name, createdAt, ...row }: Columns): ApiToken {
  const { permissions: granted, project, createdBy, expiresAt, lastUsedAt, revokedAt, revokedBy } = row;
  return {
    hash,
    name,
    permission: widest(granted),
    ...(project !== null && { project }),
    createdAt,
    ...(createdBy !== null && { createdBy }),
    ...(expiresAt && { expiresAt }),
    ...(lastUsedAt && { lastUsedAt }),
    ...(revokedAt && { revokedAt }),
    ...(revokedBy !== null && { revokedBy }),
  };
}

/** Rows of older versions list all that a permission includes. What nobody knows grants nothing. */
function widest(granted: readonly string[]): GrantedPermission {
  const known = permissions.findLast((permission) => granted.includes(permission));
  if (known) return known;
  throw new Error(`an API token with no permission that is known: ${granted.join(', ')}`);
}
