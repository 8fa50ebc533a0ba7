export {
  newApiToken,
  tokenHash,
  tokenId,
  tokenState,
  type ApiToken,
  type NewApiToken,
  type TokenState,
} from './api-token.ts';
export { authenticate, type Caller, type CallerRefusal } from './authenticate.ts';
export type { Idempotency, IdempotentRequest, RememberedAnswer } from './idempotency.port.ts';
export type { ChainStretch, EventQuery, LedgerEvent, LedgerReader, RecordedEvent } from './ledger.ts';
export { planRevoke } from './plan-revoke.ts';
export { permits, principalOf, reaches, type Principal } from './principal.ts';
export { TokenDesk, type TokenWish } from './token-desk.ts';
export { tokenLine } from './token-line.ts';
export type { RevokeOrder, TokenOrder, Tokens } from './tokens.port.ts';
