import { messageBytesMax } from '@flotilla/contracts';
import type { BrokerKeys } from './identity/broker-keys.ts';
import { accountTokens } from './identity/accounts.ts';

/** What a broker cannot be started without. */
export interface ServerConfigOptions {
  readonly keys: BrokerKeys;
  readonly host: string;
  readonly port: number;
  /** Where the server keeps account tokens. */
  readonly resolverDirectory: string;
  /** Path of certificate and key files, where the listener is not on loopback. */
  readonly tls?: { readonly certificate: string; readonly key: string };
}

/** The configuration file of a nats-server: operator mode, our accounts, no listener that nobody needs. */
export function natsServerConfig(options: ServerConfigOptions): string {
  // As old as can be: a server keeps the newest it knows of each account, and one that was pushed since, with keys that
  // are revoked, must not give way to a configuration that was written again.
  const tokens = accountTokens(options.keys, 0);
  const preload = Object.entries(tokens.accounts).map(([key, jwt]) => `  ${key}: ${jwt}`);
  return [
    `host: "${options.host}"`,
    `port: ${options.port}`,
    `max_payload: ${messageBytesMax}`,
    // A reader that is slow is cut off and comes back; it must not hold the others' memory.
    'max_pending: 67108864',
    'write_deadline: "10s"',
    ...(options.tls ? [`tls { cert_file: "${options.tls.certificate}", key_file: "${options.tls.key}" }`] : []),
    `operator: ${tokens.operator}`,
    `system_account: ${tokens.systemAccount}`,
    `resolver { type: full, dir: "${options.resolverDirectory}", allow_delete: false, interval: "2m" }`,
    `resolver_preload {\n${preload.join('\n')}\n}`,
    '',
  ].join('\n');
}
