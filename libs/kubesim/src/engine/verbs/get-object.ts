import { storeKey } from '../../objects/metadata.ts';
import { notFound } from '../../problems/status-fault.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { negotiateForm } from '../negotiate.ts';
import { represent } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { readScale } from './scale.ts';

export function getObject(cluster: Cluster, request: ResourceRequest): Answer {
  const form = negotiateForm(request.headers['accept'], 'single');
  const object = existingObject(cluster, request);
  if (request.subresource === 'scale') return { status: 200, body: readScale(request.resource, object) };
  return { status: 200, body: represent(object, form, request.resource) };
}

/** The object that a request names. */
function existingObject(cluster: Cluster, { resource, namespace, name }: ResourceRequest): JsonObject {
  const object = cluster.store(resource).get(storeKey(namespace, name));
  if (!object) throw notFound(resource, name);
  return object;
}
