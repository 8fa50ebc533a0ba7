import { canonicalJson } from '@flotilla/foundation';
import { agentScope } from './accounts.ts';
import { readNatsClaims, signNatsJwt } from './nats-jwt.ts';
import { nkeyFromSeed } from './nkey.ts';

/** What the AGENTS account has to say of agents. */
export interface AgentsAccount {
  /** Public keys whose users are agents: the one that signs now first, then those that still count. */
  readonly signingKeys: readonly string[];
  /** Public keys that sign no agents any more. */
  readonly retired: readonly string[];
  /** Keys of agents that are refused, each since when. */
  readonly revoked: ReadonlyMap<string, number>;
}

/**
 * The account's token as it has to be, signed by a signing key of the operator; `undefined` when it is so already. What
 * else stands in it, limits and revocations that somebody made by hand, stays as it is.
 */
export function agentsAccountToken(
  token: string,
  wanted: AgentsAccount,
  { operatorSeed, now }: { readonly operatorSeed: string; readonly now: number },
): string | undefined {
  const { iat, iss: _issuer, jti: _id, ...claims } = readNatsClaims(token);
  const nats = {
    ...claims.nats,
    signing_keys: scopes(claims.nats, wanted),
    revocations: revocations(claims.nats, { revoked: wanted.revoked, now }),
  };
  if (canonicalJson(nats) === canonicalJson({ revocations: {}, ...claims.nats })) return undefined;
  // A server takes only what is newer than what it has, in whole seconds.
  const issuedAt = Math.max(now, (iat + 1) * 1_000);
  return signNatsJwt({ ...claims, nats }, nkeyFromSeed(operatorSeed), issuedAt);
}

/** The keys that an account's token refuses. */
export function revokedIn(token: string): ReadonlySet<string> {
  return new Set(Object.keys(readNatsClaims(token).nats.revocations ?? {}));
}

interface Scope {
  readonly key: string;
}

function scopes(nats: Readonly<Record<string, unknown>>, { signingKeys, retired }: AgentsAccount): unknown[] {
  const there = (nats.signing_keys ?? []) as readonly (string | Scope)[];
  const ours = new Set([...signingKeys, ...retired]);
  const others = there.filter((scope) => !ours.has(typeof scope === 'string' ? scope : scope.key));
  return [...others, ...signingKeys.map(agentScope)];
}

function revocations(
  nats: { readonly revocations?: Readonly<Record<string, number>> },
  { revoked, now }: { readonly revoked: AgentsAccount['revoked']; readonly now: number },
): Record<string, number> {
  const ours = [...revoked].map(([key, at]) => [key, Math.floor(at / 1_000)] as const);
  // What was refused longer ago than any identity lives has run out by itself.
  const theirs = Object.entries(nats.revocations ?? {}).filter(([, at]) => now - at * 1_000 < identityLifeMaxMs);
  return { ...Object.fromEntries(theirs), ...Object.fromEntries(ours) };
}

const identityLifeMaxMs = 366 * 86_400_000;
