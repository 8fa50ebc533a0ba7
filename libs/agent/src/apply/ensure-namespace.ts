import { toFault } from '@flotilla/foundation';
import type { ObjectKey } from '@flotilla/model';
import type { LiveObjects } from '../live/live-objects.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';

interface EnsureNamespacePorts {
  readonly cluster: ClusterApi;
  readonly live: Pick<LiveObjects, 'get' | 'hasIn'>;
}

/**
 * Makes the target's namespace when it is missing and something is to live there. It never enters an inventory, so
 * it is never deleted by us. Where anything of ours lives already, the API server is not asked.
 */
export async function ensureNamespace(
  { cluster, live }: EnsureNamespacePorts,
  name: string,
  keys: readonly ObjectKey[],
): Promise<void> {
  const isNeeded = keys.some((key) => key.namespace === name && !live.get(key));
  const isDeclared = keys.some((key) => key.kind === 'Namespace' && key.name === name);
  if (!isNeeded || isDeclared || live.hasIn(name)) return;
  if (await isMissing(cluster, name)) await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}

/** Whoever may not even look lives there by the leave of somebody who may: his first object will say if it is missing. */
async function isMissing(cluster: ClusterApi, name: string): Promise<boolean> {
  try {
    return (await cluster.get({ group: '', kind: 'Namespace', name })) === undefined;
  } catch (error) {
    if (toFault(error).code === 'forbidden') return false;
    throw error;
  }
}
