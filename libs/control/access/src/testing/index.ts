export { tokensCases, type TokensCase, type TokensWorld } from './access-cases.ts';
export { InMemoryTokens } from './in-memory-tokens.ts';
