import { subjects } from '@flotilla/contracts';
import { assertThat } from '@flotilla/foundation';
import { uidSchema } from '@flotilla/model';
import type { BrokerKeys } from './broker-keys.ts';
import { signNatsJwt } from './nats-jwt.ts';
import { createNkey, nkeyFromSeed } from './nkey.ts';

const unlimited = {
  subs: -1,
  data: -1,
  payload: -1,
  imports: -1,
  exports: -1,
  wildcards: true,
  conn: -1,
  leaf: 0,
  mem_storage: 0,
  disk_storage: 0,
};

export interface AccountTokens {
  readonly operator: string;
  /** By account public key, for the resolver. */
  readonly accounts: Readonly<Record<string, string>>;
  readonly systemAccount: string;
}

/**
 * The two accounts of docs/protocol.md, plus the server's own. AGENTS holds every agent; what an agent may say and hear comes
 * from the template of the scoped signing key, so enrolment touches no server. CONTROL hears all agents and speaks to
 * all; nothing else crosses.
 */
export function accountTokens(keys: BrokerKeys, nowMs: number): AccountTokens {
  const operator = nkeyFromSeed(keys.operator);
  const [system, control, agents] = [keys.systemAccount, keys.controlAccount, keys.agentsAccount].map(
    (seed) => nkeyFromSeed(seed).publicKey,
  ) as [string, string, string];
  const account = (sub: string, name: string, claims: Record<string, unknown>) =>
    signNatsJwt({ sub, name, nats: { type: 'account', version: 2, limits: unlimited, ...claims } }, operator, nowMs);
  const [up, down] = [subjects.upEverything(), subjects.downEverything()];
  return {
    operator: signNatsJwt(
      {
        sub: operator.publicKey,
        name: 'flotilla',
        nats: {
          type: 'operator',
          version: 2,
          system_account: system,
          signing_keys: [nkeyFromSeed(keys.operatorSigning).publicKey],
        },
      },
      operator,
      nowMs,
    ),
    accounts: {
      [system]: account(system, 'SYS', {}),
      [control]: account(control, 'CONTROL', {
        exports: [{ name: 'down', subject: down, type: 'stream' }],
        imports: [{ name: 'up', subject: up, account: agents, type: 'stream' }],
      }),
      [agents]: account(agents, 'AGENTS', {
        exports: [{ name: 'up', subject: up, type: 'stream' }],
        imports: [{ name: 'down', subject: down, account: control, type: 'stream' }],
        signing_keys: [agentScope(nkeyFromSeed(keys.agentSigning).publicKey)],
      }),
    },
    systemAccount: system,
  };
}

/** What every user signed by the scoped key may do. `{{name()}}` is the cluster UID that the user is named after. */
export function agentScope(key: string): Record<string, unknown> {
  return {
    kind: 'user_scope',
    key,
    role: 'agent',
    template: {
      pub: { allow: [subjects.upOf('{{name()}}')] },
      sub: { allow: [subjects.downToOne('{{name()}}')] },
      subs: 16,
      data: -1,
      payload: -1,
    },
  };
}

/** What a client shows the broker, and the secret with which it proves to be who that names. */
export interface UserCredentials {
  readonly jwt: string;
  readonly seed: string;
}

/** A user of the control plane: one for each service. */
export function controlUser(keys: BrokerKeys, name: string, nowMs: number): UserCredentials {
  const user = createNkey('user');
  const claims = { type: 'user', version: 2, pub: {}, sub: {}, subs: -1, data: -1, payload: -1 };
  const jwt = signNatsJwt({ sub: user.publicKey, name, nats: claims }, nkeyFromSeed(keys.controlAccount), nowMs);
  return { jwt, seed: user.seed };
}

/**
 * The user with which `status` changes the AGENTS account and does nothing else: it may read that account's token and
 * bring a new one, which counts only when an operator's key signed it.
 */
export function systemUser(keys: BrokerKeys, nowMs: number): UserCredentials {
  const user = createNkey('user');
  const account = nkeyFromSeed(keys.agentsAccount).publicKey;
  const pub = { allow: [systemSubjects.lookUp(account), systemSubjects.update] };
  const claims = { type: 'user', version: 2, pub, sub: { allow: ['_INBOX.>'] }, subs: 16, data: -1, payload: -1 };
  const nats = signNatsJwt(
    { sub: user.publicKey, name: 'status', nats: claims },
    nkeyFromSeed(keys.systemAccount),
    nowMs,
  );
  return { jwt: nats, seed: user.seed };
}

/** Where a server is asked about accounts. */
export const systemSubjects = {
  lookUp: (account: string) => `$SYS.REQ.ACCOUNT.${account}.CLAIMS.LOOKUP`,
  update: '$SYS.REQ.CLAIMS.UPDATE',
} as const;

/** Who an agent is to the broker: its cluster, the public half of its own key, and until when. */
export interface AgentUser {
  readonly cluster: string;
  readonly userKey: string;
  readonly expiresAt: number;
  readonly now: number;
}

/**
 * Signs the identity of one agent. Needs the scoped key and the account's public name, nothing more. The name becomes a
 * part of subjects, so it is an exact id or nothing is signed: a `*` in it would be every cluster.
 */
export function agentUserJwt(user: AgentUser, signingSeed: string, agentsAccount: string): string {
  assertThat(uidSchema.safeParse(user.cluster).success, `${user.cluster} is the id of a cluster`);
  return signNatsJwt(
    {
      sub: user.userKey,
      name: user.cluster,
      exp: Math.floor(user.expiresAt / 1000),
      nats: { type: 'user', version: 2, issuer_account: agentsAccount },
    },
    nkeyFromSeed(signingSeed),
    user.now,
  );
}
