import { toFault } from '@flotilla/foundation';
import { objectTitle, type GroupKind, type KubeObject, type Reason } from '@flotilla/model';
import { failureOf } from '@flotilla/workload-health';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import type { LiveObject } from './live-object.ts';

/** How deep owners are followed: CronJob, Job, Pod is the longest common chain. */
const generationsMax = 3;
const eventsMax = 50;

/**
 * Follows owner references down from a workload to its pods, and reads the first failing container's own reason and
 * the last warning about any of them.
 */
export async function findFailure(cluster: ClusterApi, workload: LiveObject): Promise<Reason | undefined> {
  const { namespace } = workload.key;
  if (!namespace) return undefined;
  const { pods, uids } = await descendants(cluster, workload, namespace);
  const events = await listed(cluster, { group: '', kind: 'Event' }, namespace);
  const about = events.filter((event) => uids.has((event.involvedObject as { uid?: string } | undefined)?.uid ?? ''));
  const failure = failureOf(pods, about.slice(-eventsMax));
  return failure && { code: failure.code, message: `${objectTitle(workload.key)}: ${failure.message}` };
}

/** Who acts as somebody who may not look finds nothing there. */
async function listed(cluster: ClusterApi, kind: GroupKind, namespace: string): Promise<readonly KubeObject[]> {
  try {
    return await cluster.list(kind, { namespace });
  } catch (error) {
    if (toFault(error).code === 'forbidden') return [];
    throw error;
  }
}

async function descendants(
  cluster: ClusterApi,
  workload: LiveObject,
  namespace: string,
): Promise<{ pods: KubeObject[]; uids: Set<string> }> {
  const [pods, replicaSets, jobs] = await Promise.all(
    [
      { group: '', kind: 'Pod' },
      { group: 'apps', kind: 'ReplicaSet' },
      { group: 'batch', kind: 'Job' },
    ].map((kind) => listed(cluster, kind, namespace)),
  );
  const children = [...pods!, ...replicaSets!, ...jobs!];
  const uids = new Set([workload.uid]);
  for (let generation = 0; generation < generationsMax; generation++) {
    for (const child of children) if (isOwnedBy(child, uids)) uids.add(child.metadata.uid!);
  }
  return { pods: pods!.filter(({ metadata }) => uids.has(metadata.uid!)), uids };
}

function isOwnedBy({ metadata }: KubeObject, owners: ReadonlySet<string>): boolean {
  return (metadata.ownerReferences ?? []).some(({ uid }) => owners.has(uid));
}
