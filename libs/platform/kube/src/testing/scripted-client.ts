import { seededRandom } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { createKubeClient, type KubeClient, type KubeClientOptions } from '../client/kube-client.ts';
import { ScriptedTransport } from './scripted-transport.ts';

/** A client before an API server that plays what a test wrote. */
export interface ScriptedClient {
  readonly transport: ScriptedTransport;
  readonly client: KubeClient;
  readonly clock: VirtualClock;
}

/** A client of a scripted API server that serves a few well-known kinds, in virtual time. */
export function scriptedClient(options: Partial<KubeClientOptions> = {}): ScriptedClient {
  const clock = new VirtualClock();
  const transport = new ScriptedTransport();
  transport.on('GET /api', [aggregated([group('', 'v1', coreKinds)])]);
  const groups = [
    group('apps', 'v1', [kind('deployments', 'Deployment')]),
    group('coordination.k8s.io', 'v1', [kind('leases', 'Lease')]),
  ];
  transport.on('GET /apis', [aggregated(groups)]);
  return { transport, clock, client: createKubeClient({ transport, clock, random: seededRandom(1), ...options }) };
}

/** The discovery of a group as the API server's own document has it. */
export function group(name: string, version: string, resources: readonly object[], freshness = 'Current'): object {
  return { metadata: { name }, versions: [{ version, freshness, resources }] };
}

/** One kind in a discovery answer. */
export function kind(resource: string, name: string, scope: 'Namespaced' | 'Cluster' = 'Namespaced'): object {
  const verbs = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];
  return {
    resource,
    responseKind: { group: '', version: '', kind: name },
    scope,
    verbs,
    subresources: [{ subresource: 'status' }],
  };
}

/** An answer of aggregated discovery, as real servers give it. */
export function aggregated(items: readonly object[], etag?: string): { headers: Record<string, string>; json: object } {
  const contentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
  return {
    headers: { 'content-type': contentType, ...(etag && { etag }) },
    json: { kind: 'APIGroupDiscoveryList', items },
  };
}

const coreKinds = [
  kind('configmaps', 'ConfigMap'),
  kind('secrets', 'Secret'),
  kind('pods', 'Pod'),
  kind('namespaces', 'Namespace', 'Cluster'),
];
