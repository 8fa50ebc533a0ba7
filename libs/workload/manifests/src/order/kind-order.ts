/**
 * The order in which kinds are applied, the one that users of Argo CD and Helm know: first what others live in, then
 * what they read and run as, then what runs, then what leads to it. Kinds that are not listed come last.
 */
export const kindOrder = [
  'Namespace',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'SecretList',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'CustomResourceDefinition',
  'ClusterRole',
  'ClusterRoleList',
  'ClusterRoleBinding',
  'ClusterRoleBindingList',
  'Role',
  'RoleList',
  'RoleBinding',
  'RoleBindingList',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
] as const;

const ranks = new Map<string, number>(kindOrder.map((kind, rank) => [kind, rank]));

export function kindRank(kind: string): number {
  return ranks.get(kind) ?? kindOrder.length;
}

/** Kinds that stand in the way of others while what they call is not there yet. */
const gates = new Set(['APIService', 'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration']);

/**
 * Kinds that need not wait for each other: 0 is what others are made of, 1 what runs, 2 what may block everything once
 * it is there.
 */
export function kindTier(kind: string): number {
  if (gates.has(kind)) return 2;
  return kindRank(kind) < kindRank('Service') ? 0 : 1;
}
