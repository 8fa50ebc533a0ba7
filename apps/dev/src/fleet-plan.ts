import type { Labels } from '@flotilla/model';

/** One cluster of the demo: its name, and the environments that run on it. */
export interface PlannedCluster {
  readonly name: string;
  readonly labels: Labels;
}

export const environments = ['dev', 'staging', 'production'] as const;
export type Environment = (typeof environments)[number];

const regions = ['eu-central', 'us-east', 'ap-south'];

/**
 * Spreads clusters over the three environments: of six, one is for dev, two for staging, three for production. The
 * developers also have a share of the first staging cluster, so that two environments meet on one cluster; with fewer
 * than three clusters they meet all the more. The first production cluster is the canary: waves begin there.
 */
export function planFleet(count: number): PlannedCluster[] {
  const clusters = spreadFleet(count);
  const first = clusters.findIndex(({ labels }) => labels['production']);
  return clusters.map(({ name, labels }, index) =>
    index === first ? { name, labels: { ...labels, canary: 'true' } } : { name, labels },
  );
}

function spreadFleet(count: number): PlannedCluster[] {
  if (count === 1) return [cluster('all-1', environments, 0)];
  if (count === 2) return [cluster('dev-staging-1', ['dev', 'staging'], 0), cluster('production-1', ['production'], 1)];
  const dev = Math.max(1, Math.floor(count / 6));
  const staging = Math.max(1, Math.floor(count / 3));
  return Array.from({ length: count }, (_, index) => {
    if (index < dev) return cluster(`dev-${index + 1}`, ['dev'], index);
    if (index < dev + staging) {
      const number = index - dev;
      return cluster(`staging-${number + 1}`, number === 0 ? ['dev', 'staging'] : ['staging'], index);
    }
    return cluster(`production-${index - dev - staging + 1}`, ['production'], index);
  });
}

function cluster(name: string, serves: readonly Environment[], index: number): PlannedCluster {
  const served = Object.fromEntries(serves.map((environment) => [environment, 'true']));
  return { name, labels: { ...served, region: regions[index % regions.length]! } };
}
