import type { KubeObject } from '@flotilla/model';

/** `host` of the old version is the first of `hosts` of the new one. The server asks for parts of objects, too. */
export function convert({ spec, ...object }: KubeObject, apiVersion: string): KubeObject {
  const {
    host,
    hosts = host === undefined ? undefined : [host],
    ...rest
  } = spec as { host?: string; hosts?: string[] };
  const named = apiVersion.endsWith('/v1') ? { hosts } : { host: hosts?.[0] };
  return { ...object, apiVersion, spec: { ...rest, ...(hosts && named) } };
}
