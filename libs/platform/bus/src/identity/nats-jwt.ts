import { createHash } from 'node:crypto';
import { base32, type Nkey } from './nkey.ts';

/** What a NATS JWT says, without its issuer and id, which signing adds. */
export interface NatsClaims {
  readonly sub: string;
  readonly name: string;
  readonly exp?: number;
  readonly nats: Readonly<Record<string, unknown>>;
}

/** Signs claims the way nats-server reads them (`ed25519-nkey`, claims version 2). */
export function signNatsJwt(claims: NatsClaims, issuer: Nkey, issuedAtMs: number): string {
  const body = { iat: Math.floor(issuedAtMs / 1000), iss: issuer.publicKey, ...claims };
  // The id is the digest of the claims with an empty id in their place.
  const digest = createHash('sha512-256')
    .update(JSON.stringify({ ...body, jti: '' }))
    .digest();
  const signed = `${segment({ typ: 'JWT', alg: 'ed25519-nkey' })}.${segment({ ...body, jti: base32(digest) })}`;
  return `${signed}.${Buffer.from(issuer.sign(Buffer.from(signed))).toString('base64url')}`;
}

/** A token as it is read, whoever signed it. */
export interface ReadClaims {
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly sub: string;
  readonly exp?: number;
  readonly name: string;
  readonly nats: Readonly<Record<string, unknown>> & { readonly revocations?: Readonly<Record<string, number>> };
}

/** What a token says. Nothing is verified: it comes from who holds it for the broker. */
export function readNatsClaims(token: string): ReadClaims {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as ReadClaims;
}

function segment(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
