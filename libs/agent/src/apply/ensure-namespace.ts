import type { LiveObjects } from '../live/live-objects.ts';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { PlannedObject } from './object-plan.ts';

interface EnsureNamespacePorts {
  readonly cluster: ClusterApi;
  readonly live: Pick<LiveObjects, 'hasIn'>;
}

/**
 * Makes the target's namespace when it is missing and something is to live there. It never enters an inventory, so
 * it is never deleted by us. Where anything of ours lives already, the API server is not asked.
 */
export async function ensureNamespace(
  { cluster, live }: EnsureNamespacePorts,
  name: string,
  objects: readonly PlannedObject[],
): Promise<void> {
  const isNeeded = objects.some(({ desired, live: known }) => desired.key.namespace === name && !known);
  const isDeclared = objects.some(({ desired }) => desired.key.kind === 'Namespace' && desired.key.name === name);
  if (!isNeeded || isDeclared || live.hasIn(name)) return;
  const key = { group: '', kind: 'Namespace', name };
  if (!(await cluster.get(key))) await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
