import { sha256 } from '@flotilla/foundation/node';
import type { Principal } from './principal.ts';
import type { Tokens } from './tokens.port.ts';

/** No token is longer; anything longer is refused before it is hashed. */
const tokenCharactersMax = 512;

/** Finds out who holds the bearer token of an `Authorization` header; `undefined` for anything that is not one. */
export async function authenticate(
  tokens: Tokens,
  header: string | undefined,
  now: number,
): Promise<Principal | undefined> {
  const [, token] = /^Bearer ([\x21-\x7e]+)$/i.exec(header ?? '') ?? [];
  if (!token || token.length > tokenCharactersMax) return undefined;
  return tokens.find(tokenHash(token), now);
}

/** All that is kept of an API token. It is long and random, so a plain digest gives nothing away. */
export function tokenHash(token: string): string {
  return sha256(token);
}
