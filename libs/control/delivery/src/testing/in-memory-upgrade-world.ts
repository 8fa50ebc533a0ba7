import { countingIds, VirtualClock } from '@flotilla/foundation/testing';
import { agentFeatures } from '@flotilla/model';
import type { UpgradeWorld } from './agent-upgrade-cases.ts';
import { InMemoryAgentUpgrades, type UpgradableCluster } from './in-memory-agent-upgrades.ts';

/** A fleet that the in-memory record of agent upgrades knows from a map. */
export function inMemoryUpgradeWorld(): UpgradeWorld {
  const clusters = new Map(['a', 'b', 'c'].map((name) => [`${name}-uid`, upgradable(name)]));
  const upgrades = new InMemoryAgentUpgrades({
    clock: new VirtualClock(),
    ids: countingIds(),
    clusters: () => [...clusters.values()],
  });
  return {
    upgrades,
    clusters: { a: 'a-uid', b: 'b-uid', c: 'c-uid' },
    newest: async () => upgrades.all()[0]!,
    wishOf: async (cluster) => upgrades.wishOf(cluster),
    deploy: async () => undefined,
    report: async (cluster, health) => {
      const targets = [{ name: 'checkout in dev', isWell: health === 'Healthy' }];
      clusters.set(cluster, { ...clusters.get(cluster)!, targets });
    },
  };
}

function upgradable(name: string): UpgradableCluster {
  const place = { uid: `${name}-uid`, project: 'default', name, labels: {} };
  return { ...place, connection: 'Connected', features: [agentFeatures.upgrade], targets: [] };
}
