import type { JsonDraft, JsonObject } from '../schema/schema-type.ts';
import type { Cluster } from './cluster.ts';
import { createObject } from './write/create-object.ts';

/** What a fresh API server has made by itself. */
export function seedCluster(cluster: Cluster): void {
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease', 'default']) {
    seed(cluster, { group: '', plural: 'namespaces', object: { metadata: { name } } });
  }
  for (const [name, value] of [
    ['system-node-critical', 2_000_001_000],
    ['system-cluster-critical', 2_000_000_000],
  ] as const) {
    seed(cluster, {
      group: 'scheduling.k8s.io',
      plural: 'priorityclasses',
      object: { metadata: { name }, value },
    });
  }
  const everything = [
    { apiGroups: ['*'], resources: ['*'], verbs: ['*'] },
    { nonResourceURLs: ['*'], verbs: ['*'] },
  ];
  const role = { metadata: { name: 'cluster-admin' }, rules: everything };
  seed(cluster, { group: 'rbac.authorization.k8s.io', plural: 'clusterroles', object: role });
  seed(cluster, { group: '', plural: 'services', namespace: 'default', object: apiService });
}

const apiService = {
  metadata: { name: 'kubernetes', labels: { component: 'apiserver', provider: 'kubernetes' } },
  spec: {
    clusterIP: '10.0.0.1',
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
  },
};

interface Seed {
  readonly group: string;
  readonly plural: string;
  readonly namespace?: string;
  readonly object: JsonObject;
}

function seed(cluster: Cluster, { group, plural, namespace = '', object }: Seed): void {
  const resource = cluster.registry.findAnyVersion(group, plural)!;
  const draft: JsonDraft = resource.codec.decode(object).value;
  resource.codec.applyDefaults(draft);
  const context = {
    cluster,
    resource,
    subresource: '',
    namespace,
    name: '',
    dryRun: false,
    manager: 'kube-apiserver',
    time: cluster.time(),
    door: resource.doors['']!,
    tools: cluster.toolsFor(resource, false),
    warn: () => undefined,
  };
  createObject(context, draft);
}
