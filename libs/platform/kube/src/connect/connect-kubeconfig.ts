import { readFile } from 'node:fs/promises';
import { systemClock, type Clock } from '@flotilla/foundation';
import { HttpTransport } from '../transport/http-transport.ts';
import { checkedServer } from './connect-url.ts';
import { chooseContext, textField, wrong, type Fields } from './kubeconfig.ts';
import { kubeconfigCredentials } from './kubeconfig-credentials.ts';
import { loginCredentials, readAnyYaml } from './login-credentials.ts';
import { readPlainYaml } from './plain-yaml.ts';

export interface ConnectKubeconfigOptions {
  readonly file: string;
  /** The file's current context when absent. */
  readonly context?: string;
  readonly clock?: Clock;
  readonly userAgent?: string;
}

/**
 * Connects as a kubeconfig says. Tokens, token files and client certificates are read here; only login programs
 * (`exec`), login providers and YAML beyond what kubectl writes load `@kubernetes/client-node`, which costs 80 MB.
 */
export async function connectKubeconfig(options: ConnectKubeconfigOptions): Promise<HttpTransport> {
  const { file, clock = systemClock, userAgent } = options;
  const text = await readFile(file, 'utf8').catch((cause: Error) => {
    throw wrong(file, `it cannot be read: ${cause.message}`, cause);
  });
  const chosen = chooseContext(readPlainYaml(text) ?? (await readAnyYaml(text, file)), file, options.context);
  const server = textField(chosen.cluster, 'server');
  if (!server) throw wrong(file, `the cluster of context \`${chosen.name}\` has no server`);
  return new HttpTransport({
    server: checkedServer(server),
    credentials: needsLogin(chosen.user)
      ? await loginCredentials({ file, context: chosen.name, clock })
      : kubeconfigCredentials(chosen, file, clock),
    namespace: chosen.namespace,
    proxy: checkedProxy(chosen.cluster, file),
    userAgent,
  });
}

/** A program or a provider makes the credentials, instead of the file holding them. */
function needsLogin(user: Fields): boolean {
  return Boolean(user['exec'] ?? user['auth-provider']);
}

function checkedProxy(cluster: Fields, file: string): string | undefined {
  const proxy = textField(cluster, 'proxy-url');
  if (proxy === undefined || (URL.canParse(proxy) && /^https?:/.test(proxy))) return proxy;
  throw wrong(file, `the proxy \`${proxy}\` cannot be used; an http:// or https:// proxy can`);
}
