import { rememberedFor } from '../access/access-store.ts';
import { before, type RetentionRule } from './sweep-table.ts';

/** What `gateway` answers for: the ledger that all write, and the answers that it remembers. */
export function gatewayRetention({ ledgerMs }: { readonly ledgerMs: number }): readonly RetentionRule[] {
  return [
    { table: 'ledger', removable: `old.at < ${before(ledgerMs)}` },
    { table: 'idempotency_key', removable: `old.created_at < now() - ${rememberedFor}` },
  ];
}
