export { authenticate, tokenHash } from './authenticate.ts';
export type { Idempotency, IdempotentRequest, RememberedAnswer } from './idempotency.port.ts';
export type { LedgerEvent, RecordedEvent, LedgerReader } from './ledger.ts';
export { permits, principalOf, type GrantedPermission, type Principal } from './principal.ts';
export type { Tokens } from './tokens.port.ts';
