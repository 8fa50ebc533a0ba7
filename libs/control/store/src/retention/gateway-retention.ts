import { rememberedFor } from '../access/idempotency-store.ts';
import { sweepLedger } from '../ledger/sweep-ledger.ts';
import { before, type RetentionRule } from './sweep-table.ts';

const endedTokensMs = 90 * 86_400_000;

/** What `gateway` answers for: the ledger that all write, and the answers that it remembers. */
export function gatewayRetention({ ledgerMs }: { readonly ledgerMs: number }): readonly RetentionRule[] {
  return [
    { table: 'ledger', sweep: (store, signal) => sweepLedger(store, ledgerMs, signal) },
    // One that the settings told the gateway stays as what it is: it would be made anew at the next start.
    {
      table: 'api_token',
      by: 'hash',
      removable: `old.created_by IS NOT NULL AND least(old.revoked_at, old.expires_at) < ${before(endedTokensMs)}`,
    },
    { table: 'idempotency_key', removable: `old.created_at < now() - ${rememberedFor}` },
  ];
}
