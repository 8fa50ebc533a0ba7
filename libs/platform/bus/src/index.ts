export {
  connectBus,
  natsOptions,
  type Bus,
  type BusMessage,
  type BusOptions,
  type MessageHeaders,
} from './connection.ts';
export { accountTokens, agentUserJwt, controlUser, type AgentUser, type UserCredentials } from './identity/accounts.ts';
export { brokerKeysSchema, createBrokerKeys, type BrokerKeys } from './identity/broker-keys.ts';
export { createNkey, isNkeySeed, nkeyFromSeed, verifyNkey, type Nkey } from './identity/nkey.ts';
export { redialMs } from './redial.ts';
export { natsServerConfig, type ServerConfigOptions } from './server-config.ts';
export { expectSafeServer } from './server-version.ts';
