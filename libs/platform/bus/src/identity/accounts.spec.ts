import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { accountTokens, agentUserJwt, controlUser } from './accounts.ts';
import { createBrokerKeys } from './broker-keys.ts';
import { base32, createNkey, nkeyFromSeed, verifyNkey } from './nkey.ts';

const keys = createBrokerKeys();
const publicOf = (seed: string) => nkeyFromSeed(seed).publicKey;
const now = Date.UTC(2026, 0, 1);
const operator = publicOf(keys.operator);
const [system, control, agents] = [keys.systemAccount, keys.controlAccount, keys.agentsAccount].map(publicOf) as [
  string,
  string,
  string,
];

/** What a token says, once its signature and its id are what a server would check them to be. */
function claimsOf(jwt: string): Record<string, unknown> {
  const [head, body, signature] = jwt.split('.') as [string, string, string];
  const { jti, ...claims } = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  const id = createHash('sha512-256')
    .update(JSON.stringify({ ...claims, jti: '' }))
    .digest();
  const signed = Buffer.from(`${head}.${body}`);
  expect({
    head: JSON.parse(Buffer.from(head, 'base64url').toString()) as unknown,
    id: jti,
    signed: verifyNkey(claims.iss as string, signed, Buffer.from(signature, 'base64url')),
  }).toEqual({ head: { typ: 'JWT', alg: 'ed25519-nkey' }, id: base32(id), signed: true });
  return claims;
}

describe('the accounts of a broker', () => {
  const tokens = accountTokens(keys, now);

  it('are signed by the operator, who names the account of the server itself', () => {
    expect({ ...tokens, operator: claimsOf(tokens.operator), accounts: Object.keys(tokens.accounts) }).toEqual({
      operator: {
        iat: now / 1000,
        iss: operator,
        sub: operator,
        name: 'flotilla',
        nats: {
          type: 'operator',
          version: 2,
          system_account: system,
          signing_keys: [publicOf(keys.operatorSigning)],
        },
      },
      accounts: [system, control, agents],
      systemAccount: system,
    });
  });

  it('let cross what agents say and what they are told, and nothing else', () => {
    const crossing = [control, agents].map((account) => {
      const { iss, name, nats } = claimsOf(tokens.accounts[account]!);
      const { imports, exports } = nats as Record<string, unknown>;
      return { iss, name, imports, exports };
    });
    expect(crossing).toEqual([
      {
        iss: operator,
        name: 'CONTROL',
        exports: [{ name: 'down', subject: 'fleet.*.down.>', type: 'stream' }],
        imports: [{ name: 'up', subject: 'fleet.*.up.>', account: agents, type: 'stream' }],
      },
      {
        iss: operator,
        name: 'AGENTS',
        exports: [{ name: 'up', subject: 'fleet.*.up.>', type: 'stream' }],
        imports: [{ name: 'down', subject: 'fleet.*.down.>', account: control, type: 'stream' }],
      },
    ]);
  });

  it('keep no JetStream and take no leaf nodes', () => {
    const limits = Object.values(tokens.accounts).map((jwt) => {
      const { mem_storage, disk_storage, leaf } = (claimsOf(jwt).nats as { limits: Record<string, number> }).limits;
      return { mem_storage, disk_storage, leaf };
    });
    expect(limits).toEqual(Array.from({ length: 3 }, () => ({ mem_storage: 0, disk_storage: 0, leaf: 0 })));
  });
});

describe('users', () => {
  it('an agent is its key, its cluster and an end; what it may do is not in its own hands', () => {
    const { publicKey } = createNkey('user');
    const user = { cluster: 'c1', userKey: publicKey, now, expiresAt: now + 90_500 };
    expect(claimsOf(agentUserJwt(user, keys.agentSigning, agents))).toEqual({
      iat: now / 1000,
      iss: publicOf(keys.agentSigning),
      sub: publicKey,
      name: 'c1',
      exp: now / 1000 + 90,
      nats: { type: 'user', version: 2, issuer_account: agents },
    });
  });

  it.each(['*', '>', 'a.b', 'a b', '', 'A', '{{name()}}', 'x'.repeat(64)])('no agent is called %j', (cluster) => {
    const user = { cluster, userKey: createNkey('user').publicKey, now, expiresAt: now };
    expect(() => agentUserJwt(user, keys.agentSigning, agents)).toThrow('is the id of a cluster');
  });

  it('a service is signed by the account itself, with a key of its own', () => {
    const { jwt, seed } = controlUser(keys, 'status', now);
    expect(claimsOf(jwt)).toMatchObject({ iss: control, sub: publicOf(seed), name: 'status' });
  });
});
