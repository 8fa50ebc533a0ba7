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
 * The account's token as it has to be, signed by this signing key of the operator; `undefined` when it is so already. What
 * else stands in it, limits and revocations that somebody made by hand, stays as it is. One that another key signed is
 * signed anew: that key may be about to go, and a server drops every account whose signer it no longer trusts.
 */
export function agentsAccountToken(
  token: string,
  wanted: AgentsAccount,
  { operatorSeed, now }: { readonly operatorSeed: string; readonly now: number },
): string | undefined {
  const { iat, iss, jti: _id, ...claims } = readNatsClaims(token);
  const operator = nkeyFromSeed(operatorSeed);
  const nats = {
    ...claims.nats,
    signing_keys: scopes(claims.nats, wanted),
    revocations: revocations(claims.nats, { revoked: wanted.revoked, now }),
  };
  const isSo = canonicalJson(nats) === canonicalJson({ revocations: {}, ...claims.nats });
  if (isSo && iss === operator.publicKey) return undefined;
  // A server takes only what is newer than what it has, in whole seconds.
  const issuedAt = Math.max(now, (iat + 1) * 1_000);
  return signNatsJwt({ ...claims, nats }, operator, issuedAt);
}

/** How an account's token falls short of what it has to say: keys that it has yet to refuse, to admit, and to drop. */
export interface AccountGap {
  readonly revoked: readonly string[];
  readonly signingKeys: readonly string[];
  readonly retired: readonly string[];
}

/** What is missing in an account's token. */
export function accountGap(token: string, wanted: AgentsAccount): AccountGap {
  const { nats } = readNatsClaims(token);
  const signers = new Set(scopesIn(nats).map(keyOf));
  return {
    revoked: [...wanted.revoked.keys()].filter((key) => nats.revocations?.[key] === undefined),
    signingKeys: wanted.signingKeys.filter((key) => !signers.has(key)),
    retired: wanted.retired.filter((key) => signers.has(key)),
  };
}

interface Scope {
  readonly key: string;
}

function scopes(nats: Readonly<Record<string, unknown>>, { signingKeys, retired }: AgentsAccount): unknown[] {
  const ours = new Set([...signingKeys, ...retired]);
  const others = scopesIn(nats).filter((scope) => !ours.has(keyOf(scope)));
  return [...others, ...signingKeys.map(agentScope)];
}

function scopesIn(nats: Readonly<Record<string, unknown>>): readonly (string | Scope)[] {
  return (nats['signing_keys'] ?? []) as readonly (string | Scope)[];
}

/** A key without a scope stands as itself. */
function keyOf(scope: string | Scope): string {
  return typeof scope === 'string' ? scope : scope.key;
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
