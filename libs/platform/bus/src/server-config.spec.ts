import { expect, it } from 'vitest';
import { accountTokens } from './identity/accounts.ts';
import { createBrokerKeys } from './identity/broker-keys.ts';
import { natsServerConfig } from './server-config.ts';

const keys = createBrokerKeys();
const options = { keys, host: '127.0.0.1', port: 4222, resolverDirectory: '/data/accounts' };
const tokens = accountTokens(keys, 0);

it('a broker is told its one listener, its limits and its accounts, and no secret at all', () => {
  const config = natsServerConfig(options);
  const accounts = Object.entries(tokens.accounts).map(([key, jwt]) => `  ${key}: ${jwt}`);
  expect({ lines: config.split('\n'), secrets: Object.values(keys).filter((seed) => config.includes(seed)) }).toEqual({
    lines: [
      'host: "127.0.0.1"',
      'port: 4222',
      'max_payload: 4194304',
      'max_pending: 67108864',
      'write_deadline: "10s"',
      `operator: ${tokens.operator}`,
      `system_account: ${tokens.systemAccount}`,
      'resolver { type: full, dir: "/data/accounts", allow_delete: false, interval: "2m" }',
      'resolver_preload {',
      ...accounts,
      '}',
      '',
    ],
    secrets: [],
  });
});

it('speaks TLS where it is told to', () => {
  const config = natsServerConfig({ ...options, tls: { certificate: '/tls/tls.crt', key: '/tls/tls.key' } });
  expect(config).toContain('tls { cert_file: "/tls/tls.crt", key_file: "/tls/tls.key" }');
});
