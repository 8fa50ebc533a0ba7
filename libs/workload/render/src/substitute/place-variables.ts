import { clusterNameLabel, templateVariables, type ClusterFacts, type Labels, type Variables } from '@flotilla/model';

/** Where something is rendered, as far as `${…}` may name it. */
export interface RenderPlace {
  readonly project: string;
  readonly environment: string;
  readonly application: string;
  /** The labels that the control plane keeps for the cluster. */
  readonly labels: Labels;
  /** What the agent knows of its cluster. What changes by itself all the time, such as a count of nodes, is no name. */
  readonly facts: Pick<ClusterFacts, 'kubernetesVersion' | 'provider' | 'region'>;
}

/**
 * What `${…}` may name in what is rendered. Names of the place have a dot in them and those that an application gives have
 * none, so that neither can take the other's place.
 */
export function placeVariables({ labels, facts, ...place }: RenderPlace, given: Variables): Variables {
  const { kubernetesVersion, provider, region } = facts;
  const name = labels[clusterNameLabel];
  return {
    ...given,
    ...templateVariables(place),
    ...(name !== undefined && { 'cluster.name': name }),
    'cluster.kubernetesVersion': kubernetesVersion,
    ...(provider !== undefined && { 'cluster.provider': provider }),
    ...(region !== undefined && { 'cluster.region': region }),
    ...labelVariables(labels),
  };
}

/** What no name can hold becomes `_`. Two labels of one name then are none: nobody could tell which is meant. */
function labelVariables(labels: Labels): Variables {
  const byName = new Map<string, string[]>();
  for (const [label, value] of Object.entries(labels)) {
    const name = `cluster.labels.${label.replaceAll(/[^A-Za-z0-9_.]/g, '_')}`;
    byName.set(name, [...(byName.get(name) ?? []), value]);
  }
  const told = [...byName].flatMap(([name, values]) => (values.length === 1 ? [[name, values[0]!] as const] : []));
  return Object.fromEntries(told);
}
