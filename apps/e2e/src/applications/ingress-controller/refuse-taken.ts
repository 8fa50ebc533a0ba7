import type { KubeObject } from '@flotilla/model';

/** What the controller's webhook is there for: two Ingresses must not claim one host. */
export function refuseTaken(hosts = new Map<string, string>()) {
  return ({ metadata, spec }: KubeObject): string | undefined => {
    const { rules } = spec as { rules: readonly { host: string }[] };
    for (const { host } of rules) {
      const holder = hosts.get(host) ?? metadata.name;
      if (holder !== metadata.name) return `host ${host} is taken by ${holder}`;
      hosts.set(host, holder);
    }
    return undefined;
  };
}
