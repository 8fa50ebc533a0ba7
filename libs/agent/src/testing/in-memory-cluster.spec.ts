import { describe, expect, it } from 'vitest';
import { createIds } from '@flotilla/foundation';
import { VirtualClock } from '@flotilla/foundation/testing';
import { KubeSim } from '@flotilla/kubesim';
import { createKubeClient, inProcessTransport, ManagedCluster } from '@flotilla/platform-kube';
import type { ClusterApi } from '../ports/cluster-api.port.ts';
import { clusterApiCases } from './cluster-api-cases.ts';
import { InMemoryCluster } from './in-memory-cluster.ts';

const namespace = 'cases';
const random = { next: () => 0.5 };

interface Opened {
  readonly as: (manager: string) => ClusterApi;
  readonly clock: VirtualClock;
}

/** The in-memory filling, and the one that agents really use, in front of the simulated API server. */
const fillings: Readonly<Record<string, () => Opened>> = {
  'in memory': () => {
    const clock = new VirtualClock();
    const cluster = new InMemoryCluster(clock);
    return { clock, as: (manager) => cluster.as(manager) };
  },
  'the client in front of kubesim': () => {
    const clock = new VirtualClock();
    const sim = new KubeSim({ clock, ids: createIds(clock) });
    const client = createKubeClient({ transport: inProcessTransport((request) => sim.handle(request)), clock, random });
    return { clock, as: (manager) => new ManagedCluster({ client, manager, clock, random }) };
  },
};

describe.each(Object.keys(fillings))('a cluster, %s', (name) => {
  it.each(clusterApiCases.map(({ title, run }) => [title, run] as const))('%s', async (_title, run) => {
    const { as, clock } = fillings[name]!();
    await as('somebody').create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    const world = { cluster: as('flotilla'), others: as('somebody'), namespace, settle: () => clock.advance(1_000) };
    await expect(run(world)).resolves.toBeUndefined();
  });
});
