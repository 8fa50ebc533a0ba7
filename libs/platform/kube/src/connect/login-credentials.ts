import { Fault, type Clock } from '@flotilla/foundation';
import type { Credentials, CredentialSource } from '../transport/credentials.ts';
import { refreshed } from './file-credentials.ts';
import { wrong } from './kubeconfig.ts';
import { readPlainYaml, type PlainValue } from './plain-yaml.ts';

export interface LoginOptions {
  readonly file: string;
  readonly context: string;
  readonly clock: Clock;
}

interface HttpsOptions {
  readonly headers?: Record<string, string>;
  readonly ca?: Buffer | string;
  readonly cert?: Buffer | string;
  readonly key?: Buffer | string;
  readonly servername?: string;
  readonly rejectUnauthorized?: boolean;
}

/** Credentials that a login program or provider makes. Kubernetes' own client runs it and knows when to run it again. */
export async function loginCredentials({ file, context, clock }: LoginOptions): Promise<CredentialSource> {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  config.loadFromFile(file);
  config.setCurrentContext(context);
  // Short, because the client itself remembers a login until it expires.
  return refreshed({ clock, everyMs: 5_000 }, async () => {
    const options: HttpsOptions = {};
    await config.applyToHTTPSOptions(options).catch((cause: Error) => {
      throw loginFailed(file, context, cause);
    });
    return credentialsOf(options);
  });
}

/** Reads a kubeconfig with all that YAML allows, by way of Kubernetes' own client. */
export async function readAnyYaml(text: string, file: string): Promise<PlainValue> {
  const { loadYaml } = await import('@kubernetes/client-node');
  try {
    return readPlainYaml(JSON.stringify(loadYaml(text)))!;
  } catch (cause) {
    throw wrong(file, `it is not YAML: ${(cause as Error).message}`, cause);
  }
}

function credentialsOf({ headers = {}, ca, cert, key, servername, rejectUnauthorized }: HttpsOptions): Credentials {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    headers: Object.fromEntries(lowerCase) as Record<string, string>,
    tls: { ca: ca?.toString(), cert: cert?.toString(), key: key?.toString(), servername, rejectUnauthorized },
  };
}

function loginFailed(file: string, context: string, cause: Error): Fault {
  const message = `the login of context \`${context}\` in ${file} failed: ${cause.message.trim()}`;
  return new Fault({ code: 'unauthenticated', reason: 'LoginFailed', message, consequence: { kind: 'retry' }, cause });
}
