import { rememberedFor } from '../access/access-store.ts';
import { sweepLedger } from '../ledger/sweep-ledger.ts';
import type { RetentionRule } from './sweep-table.ts';

/** What `gateway` answers for: the ledger that all write, and the answers that it remembers. */
export function gatewayRetention({ ledgerMs }: { readonly ledgerMs: number }): readonly RetentionRule[] {
  return [
    { table: 'ledger', sweep: (store, signal) => sweepLedger(store, ledgerMs, signal) },
    { table: 'idempotency_key', removable: `old.created_at < now() - ${rememberedFor}` },
  ];
}
