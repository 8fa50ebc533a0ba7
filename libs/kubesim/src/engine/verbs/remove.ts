import { metadataOf } from '../../objects/metadata.ts';
import { forbidden } from '../../problems/status-fault.ts';
import type { JsonObject } from '../../schema/schema-type.ts';
import type { Cluster } from '../cluster.ts';
import { negotiateForm } from '../negotiate.ts';
import { readDeleteOptions } from '../read-delete-options.ts';
import { represent, representList } from '../represent.ts';
import type { Answer, ResourceRequest } from '../resource-request.ts';
import { isSelected, readSelection } from '../select.ts';
import type { ServedResource } from '../served-resource.ts';
import { deleteObject, type Deleted } from '../write/delete-object.ts';
import { permanentNamespaces } from '../write/namespace-lifecycle.ts';

/** Deletes one object. */
export function remove(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, namespace, name, query, body, warn } = request;
  const form = negotiateForm(request.headers['accept'], 'single');
  const options = readDeleteOptions(body, query);
  if (resource.group === '' && resource.plural === 'namespaces' && permanentNamespaces.includes(name)) {
    throw forbidden(resource, name, 'this namespace may not be deleted');
  }
  const deleted = deleteObject({ cluster, resource, namespace, name, options });
  for (const warning of resource.rules.warnOnDelete?.(options.propagationPolicy) ?? []) warn(warning);
  const answersWithObject = !deleted.isGone || resource.rules.answersWithDeleted;
  const status = !deleted.isGone && options.orphanDependents === false ? 202 : 200;
  if (answersWithObject) return { status, body: represent(deleted.object, form, resource) };
  return { status, body: success(deleted, resource) };
}

/** Deletes all objects that are selected, and answers with the list of them. */
export function removeCollection(cluster: Cluster, request: ResourceRequest): Answer {
  const { resource, namespace, query, body } = request;
  const form = negotiateForm(request.headers['accept'], 'list');
  const options = readDeleteOptions(body, query);
  const selection = readSelection(resource, namespace, query);
  const resourceVersion = String(cluster.revisions.current);
  const selected = cluster
    .store(resource)
    .entries()
    .map(([, object]) => object)
    .filter((object) => isSelected(object, selection));
  for (const object of selected) {
    const { name, namespace: its = '' } = metadataOf(object);
    deleteObject({ cluster, resource, namespace: its, name, options });
  }
  return { status: 200, body: representList(selected, { resourceVersion }, form, resource) };
}

function success({ object }: Deleted, { group, plural }: ServedResource): JsonObject {
  const { name, uid } = metadataOf(object);
  const details = { name, ...(group && { group }), kind: plural, ...(uid && { uid }) };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}
