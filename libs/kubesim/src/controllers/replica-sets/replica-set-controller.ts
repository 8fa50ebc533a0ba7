import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import { StatusFault } from '../../problems/status-fault.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { claimDependents } from '../dependents.ts';
import { itself, ownerOf } from '../keys.ts';
import type { Pod, ReplicaSet } from '../kube-objects.ts';
import { isActive, nextAvailableInMs } from '../pod-facts.ts';
import { podOf } from '../pod-template.ts';
import { pods, replicaSets } from '../resources.ts';
import { firstToGo } from './first-to-go.ts';
import { replicaSetStatus } from './replica-set-status.ts';

/** Keeps as many pods as a ReplicaSet asks for. */
export function replicaSetController(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'replicaset',
    affectedBy: (change) => [...itself(change, replicaSets), ...ownerOf(change, pods, 'ReplicaSet')],
    reconcile: async (key) => {
      const set = client.get<ReplicaSet>(replicaSets, key);
      if (!set) return undefined;
      const active = (await claimDependents<Pod>(client, pods, set)).filter(isActive);
      const failure = set.metadata.deletionTimestamp ? undefined : await adjust(client, set, active);
      return report(client, clock, key, failure);
    },
  };
}

/** Makes or deletes pods; returns the refusal when the API server takes no more. */
async function adjust(
  client: ClusterClient,
  set: ReplicaSet,
  active: readonly Pod[],
): Promise<StatusFault | undefined> {
  const missing = set.spec.replicas - active.length;
  for (const pod of firstToGo(active).slice(0, Math.max(0, -missing))) await client.delete(pods, pod);
  try {
    for (let count = 0; count < missing; count++) {
      await client.create(pods, set.metadata.namespace!, podOf({ owner: set, template: set.spec.template }));
    }
  } catch (error) {
    if (error instanceof StatusFault) return error;
    throw error;
  }
  return undefined;
}

async function report(
  client: ClusterClient,
  clock: Clock,
  key: string,
  failure: StatusFault | undefined,
): Promise<number | undefined> {
  const set = client.get<ReplicaSet>(replicaSets, key);
  if (!set) return undefined;
  const active = (await claimDependents<Pod>(client, pods, set)).filter(isActive);
  const now = clock.now();
  const status = replicaSetStatus({ set, active, now, time: apiTime(now), failure });
  await client.writeStatus(replicaSets, set, status);
  if (failure) throw failure;
  return nextAvailableInMs(active, set.spec.minReadySeconds ?? 0, now);
}
