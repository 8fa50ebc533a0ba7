import { z } from 'zod';

const claimsSchema = z.object({
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  nats: z.object({ issuer_account: z.string() }),
});

/** What a credential says of itself. */
export interface UserClaims {
  readonly userKey: string;
  readonly account: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
}

/** Reads one's own credential, to know when to ask for the next; the broker is the one that verifies it. */
export function readUserJwt(userJwt: string): UserClaims | undefined {
  try {
    const body: unknown = JSON.parse(Buffer.from(userJwt.split('.')[1] ?? '', 'base64url').toString('utf8'));
    const { sub, iat, exp, nats } = claimsSchema.parse(body);
    return { userKey: sub, account: nats.issuer_account, issuedAt: iat * 1_000, expiresAt: exp * 1_000 };
  } catch {
    return undefined;
  }
}
