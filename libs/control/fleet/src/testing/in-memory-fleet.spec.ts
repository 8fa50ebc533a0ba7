import { describe, expect, it } from 'vitest';
import { countingIds } from '@flotilla/foundation/testing';
import { clusterCases, keyCases, livenessCases, type FleetWorld } from './fleet-cases.ts';
import { InMemoryClusters } from './in-memory-clusters.ts';
import { InMemoryLiveness } from './in-memory-liveness.ts';

/** A fleet whose liveness knows the clusters that joined. */
function inMemoryFleetWorld(): FleetWorld {
  const clusters = new InMemoryClusters(countingIds());
  const liveness = new InMemoryLiveness();
  const join = clusters.join.bind(clusters);
  clusters.join = async (options) => {
    const cluster = await join(options);
    liveness.clusters.set(cluster.uid, '');
    return cluster;
  };
  return { clusters, liveness, labelsOf: async (uid) => clusters.all().find((each) => each.uid === uid)!.labels };
}

describe.each([
  ['AT-24: clusters and join tokens in memory', clusterCases],
  ['AT-25: the keys of clusters in memory', keyCases],
  ['liveness in memory', livenessCases],
])('%s', (_what, cases) => {
  it.each(cases.map((one) => [one.title, one] as const))('%s', async (_title, { run }) => {
    await expect(run(inMemoryFleetWorld())).resolves.toBeUndefined();
  });
});
