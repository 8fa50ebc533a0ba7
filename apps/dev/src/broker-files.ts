import { controlUser, natsServerConfig, nkeyFromSeed, systemUser, type BrokerKeys } from '@flotilla/platform-bus';
import { serviceNames } from '@flotilla/testing';

/** Public keys that made agents or held them before, as `status` is told of them; each word is one key. */
export interface KeysBefore {
  /** `A…@time`: what this key signed counts until then. */
  readonly signingKeys: readonly string[];
  readonly accounts: readonly string[];
}

/** Names of the files, as the charts and `docker-compose.yml` mount them. */
export const brokerFileNames = {
  keys: 'broker-keys.json',
  agentSigning: 'agent-signing-key',
  retired: 'agent-signing-keys-retired',
  account: 'agents-account',
  accountsBefore: 'agents-accounts-before',
  operatorSigning: 'operator-signing-key',
  config: 'nats/nats.conf',
} as const;

/** What a broker and the services need of its keys, by the name of the file. Users are new ones each time. */
export function brokerFiles(keys: BrokerKeys, before: KeysBefore, nowMs: number): Record<string, string> {
  const users = serviceNames.map((name) => [`nats-${name}`, JSON.stringify(controlUser(keys, name, nowMs))]);
  return {
    ...(Object.fromEntries(users) as Record<string, string>),
    'nats-system': JSON.stringify(systemUser(keys, nowMs)),
    [brokerFileNames.agentSigning]: keys.agentSigning,
    [brokerFileNames.retired]: before.signingKeys.join(','),
    [brokerFileNames.account]: nkeyFromSeed(keys.agentsAccount).publicKey,
    [brokerFileNames.accountsBefore]: before.accounts.join(','),
    [brokerFileNames.operatorSigning]: keys.operatorSigning,
    [brokerFileNames.config]: natsServerConfig({
      keys,
      host: '0.0.0.0',
      port: 4222,
      resolverDirectory: '/data/accounts',
    }),
    // Last: whatever was written before does not count until the keys are on record.
    [brokerFileNames.keys]: JSON.stringify(keys, null, 2),
  };
}
