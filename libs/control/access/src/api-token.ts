import { randomBytes } from 'node:crypto';
import { Redacted } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';
import type { GrantedPermission } from '@flotilla/model';

/** An API token as it is kept: everything but its text. */
export interface ApiToken {
  readonly hash: string;
  /** Whose word a request with it is: the name that gates ask for and that the ledger writes down. */
  readonly name: string;
  readonly permission: GrantedPermission;
  /** The one project that it is for. */
  readonly project?: string;
  readonly createdAt: Date;
  /** Who made it; nobody did where it was told to the gateway by its settings. */
  readonly createdBy?: string;
  readonly expiresAt?: Date;
  readonly lastUsedAt?: Date;
  readonly revokedAt?: Date;
  readonly revokedBy?: string;
}

/** A token while it is shown, once. */
export interface NewApiToken {
  readonly text: Redacted;
  readonly hash: string;
}

/** 256 random bits; the prefix makes a leaked one easy to search for. */
export function newApiToken(): NewApiToken {
  const text = `flt_${randomBytes(32).toString('base64url')}`;
  return { text: new Redacted(text), hash: tokenHash(text) };
}

/** All that is kept of the text of a token. It is long and random, so a plain digest gives nothing away. */
export function tokenHash(text: string): string {
  return sha256(text);
}

/**
 * What a token is called, since a person may have several: how its hash begins. Whoever finds one lying around can tell
 * which it is without asking anybody.
 */
export function tokenId(hash: string): string {
  return hash.slice(0, 16);
}

/** Whether a token still opens anything, and if not, why. */
export type TokenState = 'Active' | 'Expired' | 'Revoked';

/** What a token still is at a moment. One that expires is good until that very moment. */
export function tokenState({ expiresAt, revokedAt }: ApiToken, now: number): TokenState {
  if (revokedAt) return 'Revoked';
  return expiresAt && expiresAt.getTime() <= now ? 'Expired' : 'Active';
}
