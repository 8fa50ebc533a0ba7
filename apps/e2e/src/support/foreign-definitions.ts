import type { KubeObject } from '@flotilla/model';

/**
 * Definitions of the kinds of others that the charts may bring: only that they exist, for their schemas are not ours to
 * copy. What a chart says inside of them is not checked by any server here.
 */
export const foreignDefinitions: readonly KubeObject[] = [
  definition('monitoring.coreos.com', 'v1', { kind: 'PodMonitor', plural: 'podmonitors' }),
  definition('monitoring.coreos.com', 'v1', { kind: 'PrometheusRule', plural: 'prometheusrules' }),
  definition('gateway.networking.k8s.io', 'v1', { kind: 'HTTPRoute', plural: 'httproutes' }),
];

function definition(group: string, name: string, { kind, plural }: { kind: string; plural: string }): KubeObject {
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  // A group of k8s.io is refused without a word on who approved it.
  const annotations = { 'api-approved.kubernetes.io': 'unapproved, a stub for tests' };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}`, annotations },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind, plural },
      versions: [{ name, served: true, storage: true, schema }],
    },
  };
}
