import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { PlannedObject } from './object-plan.ts';

/**
 * Makes the target's namespace when it is missing and something is to live there. It never enters an inventory, so
 * it is never deleted by us.
 */
export async function ensureNamespace(
  cluster: ClusterApi,
  name: string,
  objects: readonly PlannedObject[],
): Promise<void> {
  const isNeeded = objects.some(({ desired, live }) => desired.key.namespace === name && !live);
  const isDeclared = objects.some(({ desired }) => desired.key.kind === 'Namespace' && desired.key.name === name);
  if (!isNeeded || isDeclared) return;
  const key = { group: '', kind: 'Namespace', name };
  if (!(await cluster.get(key))) await cluster.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
}
