import { authorizationOf, type GitCredentials } from '../http/credentials.ts';
import type { RemoteUrl } from '../http/remote-url.ts';

export interface GitEnvironmentOptions {
  readonly url: RemoteUrl;
  readonly credentials?: GitCredentials;
  /** The addresses that the host's name was resolved to and judged; the command dials no others. */
  readonly addresses?: readonly string[];
  readonly caFile?: string;
  readonly home: string;
}

/**
 * What the `git` command sees of the world: no settings of this machine or its user, nobody to ask for a password, one
 * remote named `origin`. The credential travels in the environment, never among the arguments, and is bound to its
 * origin; redirects are not followed at all.
 */
export function gitEnvironment({ url, credentials, addresses = [], caFile, home }: GitEnvironmentOptions) {
  const { hostname, port, protocol } = new URL(url.origin);
  const dialled = `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`;
  return {
    ...bareEnvironment(home),
    GIT_ALLOW_PROTOCOL: protocol.slice(0, -1),
    ...configuration([
      ['remote.origin.url', url.origin + url.path],
      ['remote.origin.fetch', ''],
      ['protocol.version', '2'],
      ['http.followRedirects', 'false'],
      ['http.lowSpeedLimit', '1'],
      ['http.lowSpeedTime', '30'],
      ['credential.helper', ''],
      ...(credentials ? [[`http.${url.origin}/.extraHeader`, `Authorization: ${authorizationOf(credentials)}`]] : []),
      ...(addresses.length > 0 ? [['http.curloptResolve', `${dialled}:${addresses.join(',')}`]] : []),
      ...(caFile ? [['http.sslCAInfo', caFile]] : []),
    ]),
  };
}

/** For commands that only read what is on disk. */
export function bareEnvironment(home: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: home,
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'false',
    GIT_PROTOCOL_FROM_USER: '0',
    GIT_OPTIONAL_LOCKS: '0',
  };
}

function configuration(settings: readonly (readonly string[])[]): Record<string, string> {
  const entries = settings.flatMap(([key = '', value = ''], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return { GIT_CONFIG_COUNT: String(settings.length), ...Object.fromEntries(entries) };
}
