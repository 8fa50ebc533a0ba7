import type { ClusterClient } from '../cluster-client.ts';
import type { Node, Pod, PodSpec } from '../kube-objects.ts';
import { isActive } from '../pod-facts.ts';
import { nodes, pods } from '../resources.ts';

const nodeNames = ['node-1', 'node-2'];

/** Makes the two nodes that a cluster has, unless they are there. */
export async function ensureNodes(client: ClusterClient, time: string): Promise<void> {
  for (const [index, name] of nodeNames.entries()) {
    if (client.get(nodes, name)) continue;
    await client.create(nodes, '', { metadata: { name, labels: labelsOf(name) } });
    const node = client.get<Node>(nodes, name)!;
    await client.update(nodes, { ...node, status: statusOf(index + 1, time) } as Node, 'status');
  }
}

function labelsOf(name: string): Record<string, string> {
  return {
    'kubernetes.io/hostname': name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    'beta.kubernetes.io/os': 'linux',
    'beta.kubernetes.io/arch': 'amd64',
  };
}

function statusOf(number: number, time: string): object {
  const resources = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '100Gi', pods: '110' };
  const condition = (type: string, status: string, reason: string, message: string) => {
    return { type, status, reason, message, lastHeartbeatTime: time, lastTransitionTime: time };
  };
  return {
    addresses: [
      { type: 'InternalIP', address: `172.18.0.${number + 1}` },
      { type: 'Hostname', address: `node-${number}` },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
  };
}

/** The nodes that a pod may run on. */
export function fittingNodes(client: ClusterClient, { nodeSelector = {} }: PodSpec): readonly Node[] {
  return client
    .list<Node>(nodes)
    .filter(({ spec }) => !spec?.unschedulable)
    .filter(({ metadata }) => Object.entries(nodeSelector).every(([key, value]) => metadata.labels?.[key] === value));
}

/** The fitting node with the fewest pods. */
export function emptiestNode(client: ClusterClient, spec: PodSpec): Node | undefined {
  const counts = new Map<string, number>();
  for (const pod of client.list<Pod>(pods).filter(isActive)) {
    counts.set(pod.spec.nodeName ?? '', (counts.get(pod.spec.nodeName ?? '') ?? 0) + 1);
  }
  const count = ({ metadata }: Node) => counts.get(metadata.name) ?? 0;
  return fittingNodes(client, spec).toSorted((left, right) => count(left) - count(right))[0];
}
