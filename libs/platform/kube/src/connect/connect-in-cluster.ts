import { readFile } from 'node:fs/promises';
import { isIPv6 } from 'node:net';
import { join } from 'node:path';
import { Fault, systemClock, type Clock } from '@flotilla/foundation';
import { HttpTransport } from '../transport/http-transport.ts';
import { fileCredentials } from './file-credentials.ts';

export interface ConnectInClusterOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Where the kubelet mounts the service account. */
  readonly folder?: string;
  readonly clock?: Clock;
  readonly userAgent?: string;
}

const serviceAccountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Connects from inside a pod, as the pod's service account. */
export async function connectInCluster(options: ConnectInClusterOptions = {}): Promise<HttpTransport> {
  const { environment = process.env, folder = serviceAccountFolder, clock = systemClock, userAgent } = options;
  const [host, port] = [environment['KUBERNETES_SERVICE_HOST'], environment['KUBERNETES_SERVICE_PORT']];
  if (!host || !port) throw notInCluster('KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set');
  const credentials = fileCredentials(
    { token: { file: join(folder, 'token') }, ca: { file: join(folder, 'ca.crt') } },
    clock,
  );
  await credentials().catch((cause: Error) => {
    throw notInCluster(`${cause.message}; is automountServiceAccountToken off?`, cause);
  });
  const namespace = await readFile(join(folder, 'namespace'), 'utf8').catch(() => undefined);
  const server = `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
  return new HttpTransport({ server, credentials, namespace: namespace?.trim(), userAgent });
}

function notInCluster(why: string, cause?: unknown): Fault {
  const message = `this process does not run in a pod with a service account: ${why}`;
  return new Fault({ code: 'invalid', reason: 'NotInCluster', message, cause });
}
