import { Fault } from '@flotilla/foundation';
import { targetTitle, type DesiredEntry } from '@flotilla/model';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

/**
 * The cluster as the objects of an entry are read and written: as the ServiceAccount that it names. What is empty is
 * nobody: to go on as ourselves would give an application all that the agent may do.
 */
export function actingCluster(cluster: ClusterApi, entry: DesiredEntry | undefined): ClusterApi {
  if (entry?.serviceAccount === undefined) return cluster;
  const { serviceAccount: name, namespace } = entry;
  if (name.trim() === '' || namespace.trim() === '') throw nobody(entry);
  return cluster.actingAs({ namespace, name });
}

function nobody(entry: DesiredEntry): Fault {
  return new Fault({
    code: 'invalid',
    reason: 'IdentityRefused',
    message: 'the ServiceAccount to act as is empty; nothing is read or written for it',
    subject: targetTitle(entry),
    consequence: { kind: 'stall', until: 'the application names a ServiceAccount, or none' },
  });
}
