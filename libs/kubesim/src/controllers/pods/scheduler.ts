import type { Clock } from '@flotilla/foundation';
import { apiTime } from '../../objects/metadata.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { conditionOf, withCondition } from '../conditions.ts';
import type { Controller } from '../controller.ts';
import { itself, keyOf } from '../keys.ts';
import type { Pod } from '../kube-objects.ts';
import { nodes, pods, sameResource } from '../resources.ts';
import { emptiestNode } from './nodes.ts';

/** Gives each pod a node. A pod that fits nowhere says so, and is looked at again when the nodes change. */
export function scheduler(client: ClusterClient, clock: Clock): Controller {
  return {
    name: 'scheduler',
    affectedBy: (change) =>
      sameResource(change.resource, nodes)
        ? client.list<Pod>(pods).filter(isWaiting).map(keyOf)
        : itself(change, pods).filter(() => isWaiting(change.object as unknown as Pod)),
    reconcile: async (key) => {
      const pod = client.get<Pod>(pods, key);
      if (!pod || !isWaiting(pod)) return undefined;
      const node = emptiestNode(client, pod.spec);
      if (node) await client.bind(pod, node.metadata.name);
      else await sayUnschedulable(client, pod, apiTime(clock.now()));
      return undefined;
    },
  };
}

function isWaiting({ spec, metadata }: Pod): boolean {
  return !spec.nodeName && metadata.deletionTimestamp === undefined;
}

async function sayUnschedulable(client: ClusterClient, pod: Pod, time: string): Promise<void> {
  const count = client.list(nodes).length;
  const message = `0/${count} nodes are available: ${count} node(s) didn't match Pod's node affinity/selector.`;
  const before = pod.status?.conditions ?? [];
  if (conditionOf(before, 'PodScheduled')?.message === message) return;
  const condition = { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message } as const;
  const status = { ...pod.status, conditions: withCondition(before, condition, time) };
  await client.update(pods, { ...pod, status } as Pod, 'status');
}
