import { Fault } from '@flotilla/foundation';
import type { AgentLease } from './lease.ts';
import type { ClusterApi } from './ports/cluster-api.port.ts';

/**
 * The cluster as one of several agents may use it: any of them may read, only who holds the Lease may write. One that
 * was cut off or stood still finds out here that it has a successor, before it writes what it believed a while ago.
 */
export function leasedCluster(cluster: ClusterApi, lease: Pick<AgentLease, 'isHeld'>): ClusterApi {
  const whileHeld = async <Result>(write: () => Promise<Result>): Promise<Result> => {
    if (lease.isHeld) return write();
    const message = 'nothing is written while another agent may hold the Lease of this cluster';
    throw new Fault({ code: 'unavailable', reason: 'LeaseNotHeld', message });
  };
  return {
    kindOf: (kind, version) => cluster.kindOf(kind, version),
    refreshKinds: () => cluster.refreshKinds(),
    get: (key) => cluster.get(key),
    list: (kind, options) => cluster.list(kind, options),
    watch: (kind, options) => cluster.watch(kind, options),
    apply: (object, options) => whileHeld(() => cluster.apply(object, options)),
    create: (object) => whileHeld(() => cluster.create(object)),
    mergePatch: (key, patch) => whileHeld(() => cluster.mergePatch(key, patch)),
    delete: (key, options) => whileHeld(() => cluster.delete(key, options)),
    actingAs: (account) => leasedCluster(cluster.actingAs(account), lease),
  };
}
