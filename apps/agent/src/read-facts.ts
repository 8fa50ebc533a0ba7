import type { ClusterApi } from '@flotilla/agent';
import { agentFeatures, type ClusterFacts } from '@flotilla/model';

/** What there is to say of a cluster. What cannot be read is left out: an agent may have no right to see nodes. */
export async function readFacts(
  cluster: ClusterApi,
  { kubernetesVersion, agentVersion }: { kubernetesVersion: string; agentVersion: string },
): Promise<ClusterFacts> {
  const nodes = await cluster.list({ group: '', kind: 'Node' }, {}).catch(() => undefined);
  const providerId = (nodes?.[0]?.spec as { providerID?: string } | undefined)?.providerID;
  const regions = new Set(nodes?.map(({ metadata }) => metadata.labels?.['topology.kubernetes.io/region']));
  const [region] = regions.size === 1 ? regions : [];
  return {
    kubernetesVersion,
    agentVersion,
    agentFeatures: Object.values(agentFeatures),
    ...(nodes && { nodes: nodes.length }),
    ...(region && { region }),
    ...(providerId && { provider: providerId.split(':')[0]!.slice(0, 64) }),
  };
}
