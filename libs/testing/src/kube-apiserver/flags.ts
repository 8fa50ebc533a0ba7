import { join } from 'node:path';
import { serviceAccountKeyFile, tokenFile } from './secrets.ts';

export interface Ports {
  readonly server: number;
  readonly etcdClient: number;
  readonly etcdPeer: number;
}

/** An etcd that keeps nothing safe: its data is thrown away with the test. */
export function etcdFlags(folder: string, ports: Ports): string[] {
  const [client, peer] = [`http://127.0.0.1:${ports.etcdClient}`, `http://127.0.0.1:${ports.etcdPeer}`];
  return flags({
    'data-dir': join(folder, 'etcd'),
    'unsafe-no-fsync': 'true',
    'listen-client-urls': client,
    'advertise-client-urls': client,
    'listen-peer-urls': peer,
    'initial-advertise-peer-urls': peer,
    'initial-cluster': `default=${peer}`,
    'log-level': 'error',
  });
}

export function kubeApiserverFlags(folder: string, ports: Ports, tokenWebhookFile: string): string[] {
  return flags({
    'etcd-servers': `http://127.0.0.1:${ports.etcdClient}`,
    'bind-address': '127.0.0.1',
    'secure-port': String(ports.server),
    // An address that exists nowhere: without it the server looks for a network interface, and a box may have none.
    'advertise-address': '192.0.2.1',
    'cert-dir': join(folder, 'certs'),
    'service-cluster-ip-range': '10.0.0.0/16',
    'authorization-mode': 'RBAC',
    'token-auth-file': tokenFile(folder),
    'authentication-token-webhook-config-file': tokenWebhookFile,
    'authentication-token-webhook-version': 'v1',
    'service-account-issuer': 'https://kubernetes.default.svc',
    'service-account-key-file': serviceAccountKeyFile(folder),
    'service-account-signing-key-file': serviceAccountKeyFile(folder),
    'disable-admission-plugins': 'ServiceAccount',
    'enable-priority-and-fairness': 'true',
  });
}

function flags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `--${name}=${value}`);
}
