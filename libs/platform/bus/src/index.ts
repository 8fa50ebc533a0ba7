export {
  connectBus,
  isRefusal,
  natsOptions,
  type Bus,
  type BusMessage,
  type BusOptions,
  type MessageHeaders,
} from './connection.ts';
export {
  accountTokens,
  agentUserJwt,
  controlUser,
  systemUser,
  type AgentUser,
  type UserCredentials,
} from './identity/accounts.ts';
export { accountGap, agentsAccountToken, type AccountGap, type AgentsAccount } from './identity/agents-account.ts';
export { brokerKeysSchema, createBrokerKeys, type BrokerKeys } from './identity/broker-keys.ts';
export { readNatsClaims, type ReadClaims } from './identity/nats-jwt.ts';
export { createNkey, isNkeySeed, nkeyFromSeed, verifyNkey, type Nkey } from './identity/nkey.ts';
export { redialMs } from './redial.ts';
export { orderKeyPair, signKeyList, signText, type OrderKeyPair } from './identity/order-key.ts';
export { natsServerConfig, type ServerConfigOptions } from './server-config.ts';
export { connectSystem, type SystemLine } from './system-line.ts';
export { expectSafeServer } from './server-version.ts';
