export { authenticate, tokenHash } from './authenticate.ts';
export type { Idempotency, IdempotentRequest, RememberedAnswer } from './idempotency.port.ts';
export type { ChainStretch, EventQuery, LedgerEvent, LedgerReader, RecordedEvent } from './ledger.ts';
export { permits, principalOf, type GrantedPermission, type Principal } from './principal.ts';
export type { Tokens } from './tokens.port.ts';
