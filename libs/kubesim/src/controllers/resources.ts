import type { ResourceName } from '../engine/served-resource.ts';

/** A resource at the version that controllers speak. */
export interface Resource extends ResourceName {
  readonly version: string;
}

export const pods: Resource = { group: '', version: 'v1', plural: 'pods' };
export const nodes: Resource = { group: '', version: 'v1', plural: 'nodes' };
export const events: Resource = { group: '', version: 'v1', plural: 'events' };
export const services: Resource = { group: '', version: 'v1', plural: 'services' };
export const namespaces: Resource = { group: '', version: 'v1', plural: 'namespaces' };
export const configMaps: Resource = { group: '', version: 'v1', plural: 'configmaps' };
export const serviceAccounts: Resource = { group: '', version: 'v1', plural: 'serviceaccounts' };
export const volumes: Resource = { group: '', version: 'v1', plural: 'persistentvolumes' };
export const volumeClaims: Resource = { group: '', version: 'v1', plural: 'persistentvolumeclaims' };
export const deployments: Resource = { group: 'apps', version: 'v1', plural: 'deployments' };
export const replicaSets: Resource = { group: 'apps', version: 'v1', plural: 'replicasets' };
export const statefulSets: Resource = { group: 'apps', version: 'v1', plural: 'statefulsets' };
export const daemonSets: Resource = { group: 'apps', version: 'v1', plural: 'daemonsets' };
export const controllerRevisions: Resource = { group: 'apps', version: 'v1', plural: 'controllerrevisions' };
export const jobs: Resource = { group: 'batch', version: 'v1', plural: 'jobs' };
export const ingresses: Resource = { group: 'networking.k8s.io', version: 'v1', plural: 'ingresses' };
export const autoscalers: Resource = { group: 'autoscaling', version: 'v2', plural: 'horizontalpodautoscalers' };
export const disruptionBudgets: Resource = { group: 'policy', version: 'v1', plural: 'poddisruptionbudgets' };

export function sameResource(left: ResourceName, right: ResourceName): boolean {
  return left.plural === right.plural && left.group === right.group;
}

/** The path of a resource, of one of its objects, or of a subresource of that. */
export function pathOf({ group, version, plural }: Resource, namespace = '', ...rest: readonly string[]): string {
  const root = group === '' ? '/api' : `/apis/${group}`;
  const place = namespace === '' ? [] : ['namespaces', namespace];
  return [root, version, ...place, plural, ...rest].join('/');
}
