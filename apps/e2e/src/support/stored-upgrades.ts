import type { UpgradeWorld } from '@flotilla/control-delivery/testing';
import { LivenessStore, StatusStore, StoredUpgrades, UpgradeStore, type Store } from '@flotilla/control-store';
import { isoTime, systemClock } from '@flotilla/foundation';
import { agentFeatures, noFence } from '@flotilla/model';
import type { StoreFixture } from './store-fixture.ts';
import { openPlane } from './store-plane.ts';

/** The three clusters of the suite of agent upgrades in PostgreSQL. */
export async function storedUpgradeWorld(fixture: StoreFixture): Promise<UpgradeWorld & { readonly store: Store }> {
  const plane = await openPlane(fixture);
  const { store, record } = plane;
  const join = async (name: string) => (await plane.join(name, { dev: 'true' })).uid;
  const clusters = { a: await join('a'), b: await join('b'), c: await join('c') };
  const liveness = new LivenessStore(store);
  await liveness.listening('status-1', systemClock.now());
  await liveness.heard(Object.values(clusters).map(helloOf));
  const statuses = new StatusStore(store);
  const reader = new StoredUpgrades(store);
  let said = 0;
  return {
    store,
    clusters,
    upgrades: new UpgradeStore(store),
    newest: async () => (await reader.upgrades({ project: 'default', page: { limit: 1 } })).items[0]!,
    wishOf: async (cluster) => (await record.setFor(cluster, noFence))?.agent,
    deploy: async () => {
      plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
      await plane.look();
      await plane.plan('checkout');
    },
    report: async (cluster, health) => {
      const now = isoTime(systemClock.now());
      const { entries } = (await record.setFor(cluster, noFence))!;
      const items = entries.map(({ target, generation, release, source }) => {
        const applied = { release, revision: source.revision, appliedAt: now };
        return { target, generation, ...applied, sync: 'Synced' as const, health, since: now, resources: [] };
      });
      const head = { cluster, number: ++said, instance: 'i', leaseTransitions: 1, fence: noFence };
      await statuses.store([{ ...head, items, statusDigest: '' }], systemClock.now());
    },
  };
}

function helloOf(cluster: string) {
  const facts = { kubernetesVersion: 'v1', agentVersion: '0.1.0', agentFeatures: [agentFeatures.upgrade] };
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, fence: noFence, setDigest: '', statusDigest: '' };
  return { cluster, at: systemClock.now(), ...said, facts };
}
