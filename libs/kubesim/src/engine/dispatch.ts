import { methodNotAllowed, noSuchResource } from '../problems/status-fault.ts';
import type { Cluster } from './cluster.ts';
import type { ResourceRoute } from './route.ts';
import type { Answer, ResourceRequest, Verb } from './resource-request.ts';
import type { ServedResource } from './served-resource.ts';
import { bindPod } from './verbs/bind-pod.ts';
import { create } from './verbs/create.ts';
import { getObject } from './verbs/get-object.ts';
import { listObjects } from './verbs/list-objects.ts';
import { patch } from './verbs/patch.ts';
import { remove, removeCollection } from './verbs/remove.ts';
import { replace } from './verbs/replace.ts';
import { watchObjects } from './verbs/watch-objects.ts';
import { replaceScale } from './verbs/write-scale.ts';

/** The resource of a path; nothing is told about what is not served. */
export function findResource(cluster: Cluster, { group, version, plural, subresource }: ResourceRoute): ServedResource {
  const resource = cluster.registry.find(group, version, plural);
  if (!resource) throw noSuchResource();
  if (subresource !== '' && !resource.subresources.some(({ name }) => name === subresource)) throw noSuchResource();
  return resource;
}

/** The verb of a method on a path, in the words of authorization. */
export function verbOf(method: string, route: ResourceRoute, query: URLSearchParams): Verb {
  const isNamed = route.name !== '';
  switch (method) {
    case 'GET':
      if (isNamed && !route.isWatch) return 'get';
      return route.isWatch || ['1', 'true'].includes(query.get('watch') ?? '') ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      throw methodNotAllowed();
  }
}

/** Answers a request for a resource. */
export function dispatch(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, subresource, verb, name, namespace } = request;
  const offered = resource.subresources.find((candidate) => candidate.name === subresource)?.verbs ?? resource.verbs;
  const isCollection = verb === 'create' || verb === 'list' || verb === 'watch' || verb === 'deletecollection';
  const isMisplaced = subresource === '' && isCollection === (name !== '') && verb !== 'watch';
  const lacksNamespace = verb === 'create' && resource.namespaced && namespace === '';
  if (!offered.includes(verb) || isMisplaced || lacksNamespace) throw methodNotAllowed();
  switch (verb) {
    case 'get':
      return getObject(cluster, request);
    case 'list':
      return listObjects(cluster, request);
    case 'watch':
      return watchObjects(cluster, request);
    case 'create':
      return subresource === 'binding' ? bindPod(cluster, request) : create(cluster, request);
    case 'update':
      return subresource === 'scale' ? replaceScale(cluster, request) : replace(cluster, request);
    case 'patch':
      return patch(cluster, request);
    case 'delete':
      return remove(cluster, request);
    case 'deletecollection':
      return removeCollection(cluster, request);
  }
}
