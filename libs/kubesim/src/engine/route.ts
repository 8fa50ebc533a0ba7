/** What a path asks for. */
export type Route =
  | { readonly kind: 'resource'; readonly resource: ResourceRoute }
  | { readonly kind: 'discovery'; readonly path: string }
  | { readonly kind: 'unknown' };

export interface ResourceRoute {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  /** Empty for all namespaces, and for resources without one. */
  readonly namespace: string;
  /** Empty for the collection. */
  readonly name: string;
  readonly subresource: string;
  /** The old form of a watch, with `watch` in the path. */
  readonly isWatch: boolean;
}

const discoveryPaths = ['/api', '/apis', '/version', '/healthz', '/livez', '/readyz'];

export function readRoute(path: string): Route {
  const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  if (discoveryPaths.includes(clean)) return { kind: 'discovery', path: clean };
  const parts = clean.slice(1).split('/').map(decodeURIComponent);
  if (parts[0] === 'api' && parts.length >= 2) return readVersioned('', parts[1]!, parts.slice(2), clean);
  if (parts[0] === 'apis' && parts.length === 2) return { kind: 'discovery', path: clean };
  if (parts[0] === 'apis' && parts.length >= 3) return readVersioned(parts[1]!, parts[2]!, parts.slice(3), clean);
  return { kind: 'unknown' };
}

function readVersioned(group: string, version: string, rest: readonly string[], path: string): Route {
  if (rest.length === 0) return { kind: 'discovery', path };
  const isWatch = rest[0] === 'watch' && rest.length > 1;
  const parts = isWatch ? rest.slice(1) : rest;
  const inNamespace = parts[0] === 'namespaces' && parts.length > 2 && !namespaceSubresources.includes(parts[2]!);
  const [plural, name = '', subresource = ''] = inNamespace ? parts.slice(2) : parts;
  const namespace = inNamespace ? parts[1]! : '';
  return { kind: 'resource', resource: { group, version, plural: plural!, namespace, name, subresource, isWatch } };
}

/** `/namespaces/x/status` is the namespace's own; `/namespaces/x/pods` is what lives in it. */
const namespaceSubresources = ['status', 'finalize'];
