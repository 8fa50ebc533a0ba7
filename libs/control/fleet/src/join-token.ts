import { randomBytes } from 'node:crypto';
import { Redacted } from '@flotilla/foundation';
import { sha256 } from '@flotilla/foundation/node';

/** How long a join token is good for. */
export const joinTokenLifeMs = 3_600_000;

export interface NewJoinToken {
  readonly token: Redacted;
  /** All that is stored. */
  readonly hash: string;
}

/** 256 random bits; the prefix makes a leaked one easy to search for. */
export function newJoinToken(): NewJoinToken {
  const token = `flj_${randomBytes(32).toString('base64url')}`;
  return { token: new Redacted(token), hash: joinTokenHash(token) };
}

export function joinTokenHash(token: string): string {
  return sha256(token);
}
