import { done, refused, type Outcome } from '@flotilla/foundation';
import { tokenHash, tokenState, type ApiToken } from './api-token.ts';
import { principalOf, type Principal } from './principal.ts';
import type { Tokens } from './tokens.port.ts';

/** No token is longer; anything longer is refused before it is hashed. */
const tokenCharactersMax = 512;

/** How exactly it is known when a token was last used: a write for each request would cost more than it tells. */
const useNotedEveryMs = 60_000;

/** Somebody who was let in, and the token that did it. */
export interface Caller {
  readonly principal: Principal;
  readonly hash: string;
}

/** Why a header lets nobody in. That a token ended is told to nobody but who holds it. */
export type CallerRefusal = 'unknown' | 'expired' | 'revoked';

/** Finds out who holds the bearer token of an `Authorization` header. */
export async function authenticate(
  tokens: Tokens,
  header: string | undefined,
  now: number,
): Promise<Outcome<Caller, CallerRefusal>> {
  const [, text] = /^Bearer ([\x21-\x7e]+)$/i.exec(header ?? '') ?? [];
  if (!text || text.length > tokenCharactersMax) return refused('unknown');
  const token = await tokens.find(tokenHash(text));
  if (!token) return refused('unknown');
  const state = tokenState(token, now);
  if (state !== 'Active') return refused(state === 'Expired' ? 'expired' : 'revoked');
  noteUse(tokens, token, now);
  const { hash, name, permission, project } = token;
  return done({ principal: principalOf(name, permission, project), hash });
}

/** Nobody waits for this, and nobody is kept out because it failed. */
function noteUse(tokens: Tokens, { hash, lastUsedAt }: ApiToken, now: number): void {
  if (lastUsedAt && now - lastUsedAt.getTime() < useNotedEveryMs) return;
  void tokens.used(hash, now).catch(() => undefined);
}
