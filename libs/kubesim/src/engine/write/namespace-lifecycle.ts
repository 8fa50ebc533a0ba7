import { metadataOf } from '../../objects/metadata.ts';
import { notFound, qualifiedName, StatusFault } from '../../problems/status-fault.ts';
import type { WriteContext } from './write-context.ts';

/** A namespace has to exist before anything is created in it, and takes nothing new once it is going. */
export function checkNamespaceOpen({ cluster, resource, namespace }: WriteContext, name: string): void {
  if (!resource.namespaced) return;
  const found = cluster.get('', 'namespaces', namespace);
  if (!found) throw notFound({ group: '', plural: 'namespaces' }, namespace);
  if (metadataOf(found).deletionTimestamp === undefined) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new StatusFault({
    code: 403,
    reason: 'Forbidden',
    message: `${qualifiedName(resource)} "${name}" is forbidden: ${why}`,
    details: { name, group: resource.group, kind: resource.plural, causes: [cause] },
  });
}

/** These three cannot be deleted. */
export const permanentNamespaces = ['default', 'kube-system', 'kube-public'];
