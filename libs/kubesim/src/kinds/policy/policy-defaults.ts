import type { JsonDraft } from '../../schema/schema-type.ts';
import type { DefaultsTable } from '../defaults-table.ts';
import { ensureObject, setMissing } from '../set-missing.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

/** Networking, roles, storage classes, autoscalers, custom resource definitions. */
export const policyDefaults: DefaultsTable = {
  'networking.v1.NetworkPolicyPort': (port) => setMissing(port, { protocol: 'TCP' }),
  'networking.v1.NetworkPolicy': (policy) => {
    const spec = ensureObject(policy, 'spec');
    if (((spec['policyTypes'] ?? []) as string[]).length > 0) return;
    spec['policyTypes'] = ((spec['egress'] ?? []) as unknown[]).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
  },
  'networking.v1.IngressClass': (ingressClass) => {
    const parameters = ingressClass['spec']?.parameters as JsonDraft | undefined;
    if (parameters) setMissing(parameters, { scope: 'Cluster' });
  },
  'autoscaling.v2.HorizontalPodAutoscaler': defaultAutoscaler,
  'rbac.v1.ClusterRoleBinding': (binding) => setMissing(ensureObject(binding, 'roleRef'), { apiGroup: rbacGroup }),
  'rbac.v1.RoleBinding': (binding) => setMissing(ensureObject(binding, 'roleRef'), { apiGroup: rbacGroup }),
  'rbac.v1.Subject': (subject) => {
    if (subject['kind'] === 'User' || subject['kind'] === 'Group') setMissing(subject, { apiGroup: rbacGroup });
  },
  'storage.v1.StorageClass': (storageClass) =>
    setMissing(storageClass, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'scheduling.v1.PriorityClass': (priorityClass) =>
    setMissing(priorityClass, { preemptionPolicy: 'PreemptLowerPriority' }),
  'apiextensions.v1.ServiceReference': (reference) => (reference['port'] ??= 443),
  'apiextensions.v1.CustomResourceDefinition': defaultDefinition,
};

const scaleUp = {
  stabilizationWindowSeconds: 0,
  selectPolicy: 'Max',
  policies: [
    { type: 'Pods', value: 4, periodSeconds: 15 },
    { type: 'Percent', value: 100, periodSeconds: 15 },
  ],
};

const scaleDown = { selectPolicy: 'Max', policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }] };

function defaultAutoscaler(autoscaler: JsonDraft): void {
  const spec = ensureObject(autoscaler, 'spec');
  setMissing(spec, { minReplicas: 1 });
  if (((spec['metrics'] ?? []) as unknown[]).length === 0) {
    const target = { type: 'Utilization', averageUtilization: 80 };
    spec['metrics'] = [{ type: 'Resource', resource: { name: 'cpu', target } }];
  }
  const behavior = spec['behavior'] as JsonDraft | undefined;
  if (!behavior) return;
  behavior['scaleUp'] = { ...scaleUp, ...behavior['scaleUp'] };
  behavior['scaleDown'] = { ...scaleDown, ...behavior['scaleDown'] };
}

function defaultDefinition(definition: JsonDraft): void {
  const spec = ensureObject(definition, 'spec');
  const names = ensureObject(spec, 'names');
  const kind = (names['kind'] ?? '') as string;
  setMissing(names, { singular: kind.toLowerCase(), ...(kind && { listKind: `${kind}List` }) });
  spec['conversion'] ??= { strategy: 'None' };
  const status = ensureObject(definition, 'status');
  const stored = ((spec['versions'] ?? []) as JsonDraft[]).find((version) => version['storage']);
  if (stored && ((status['storedVersions'] ?? []) as string[]).length === 0)
    status['storedVersions'] = [stored['name']];
}
