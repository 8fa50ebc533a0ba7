import type { KubeObject } from '@flotilla/model';
import type { KindInfo } from '../ports/cluster-api.port.ts';

/** The kinds that every cluster serves, as far as tests name them. */
export const builtinKinds: readonly KindInfo[] = [
  namespaced('', 'v1', 'ConfigMap', 'configmaps'),
  namespaced('', 'v1', 'Secret', 'secrets'),
  namespaced('', 'v1', 'Service', 'services'),
  namespaced('', 'v1', 'ReplicationController', 'replicationcontrollers'),
  namespaced('', 'v1', 'Pod', 'pods'),
  namespaced('', 'v1', 'Event', 'events'),
  namespaced('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  namespaced('apps', 'v1', 'Deployment', 'deployments'),
  namespaced('apps', 'v1', 'ReplicaSet', 'replicasets'),
  namespaced('batch', 'v1', 'Job', 'jobs'),
  namespaced('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  namespaced('coordination.k8s.io', 'v1', 'Lease', 'leases'),
  ofCluster('', 'v1', 'Namespace', 'namespaces'),
  ofCluster('', 'v1', 'PersistentVolume', 'persistentvolumes'),
  ofCluster('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions'),
  ofCluster('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles'),
  ofCluster('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings'),
];

/** The kind that a CustomResourceDefinition brings. */
export function definedKind({ kind, spec }: KubeObject): KindInfo | undefined {
  if (kind !== 'CustomResourceDefinition') return undefined;
  const { group, scope, names, versions } = spec as {
    group: string;
    scope: string;
    names: { kind: string; plural: string };
    versions: readonly { name: string }[];
  };
  return { group, version: versions[0]!.name, ...names, namespaced: scope === 'Namespaced' };
}

function namespaced(group: string, version: string, kind: string, plural: string): KindInfo {
  return { group, version, kind, plural, namespaced: true };
}

function ofCluster(group: string, version: string, kind: string, plural: string): KindInfo {
  return { group, version, kind, plural, namespaced: false };
}
