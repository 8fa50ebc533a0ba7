import { LivenessStore, StatusStore, StoredFleet, type Store } from '@flotilla/control-store';
import { isoTime, systemClock } from '@flotilla/foundation';
import { noFence, type DesiredEntry, type TargetStatus } from '@flotilla/model';
import type { StoreFixture } from './store-fixture.ts';
import { openPlane } from './store-plane.ts';

/** One target that was planned in a real database, and what stores what its agent says. */
export async function openTarget(fixture: StoreFixture) {
  const plane = await openPlane(fixture);
  const { uid: cluster } = await plane.join('c1', { dev: 'true' });
  plane.commit({ 'services/checkout/dev/a.yaml': 'a: 1' });
  await plane.look();
  await plane.plan('checkout');
  const content = await plane.record.setFor(cluster, noFence);
  const statuses = new StatusStore(plane.store);
  return { ...plane, cluster, entry: content!.entries[0]!, statuses, fleet: new StoredFleet(plane.store) };
}

/** Somebody listens, and hears these clusters. */
export async function hear(store: Store, clusters: readonly string[]): Promise<void> {
  const liveness = new LivenessStore(store);
  const facts = { kubernetesVersion: 'v1.34.0', agentVersion: '0.2.0' };
  const said = { instance: 'i', leaseTransitions: 1, protocol: 1, setDigest: '', statusDigest: '', facts };
  const at = systemClock.now();
  await liveness.listening('status', at);
  await liveness.heard(clusters.map((cluster) => ({ ...said, cluster, at, fence: noFence })));
}

/** What an agent says of a target that runs what it should. */
export function statusOf(entry: DesiredEntry, over: Partial<TargetStatus> = {}): TargetStatus {
  return {
    target: entry.target,
    generation: entry.generation,
    revision: entry.source.revision,
    release: entry.release,
    sourceDigest: entry.sourceDigest,
    sync: 'Synced',
    health: 'Healthy',
    since: isoTime(systemClock.now()),
    appliedAt: isoTime(systemClock.now()),
    resources: [],
    ...over,
  };
}

export function reportOf(cluster: string, number: number, items: TargetStatus[]) {
  return {
    cluster,
    number,
    instance: 'i',
    leaseTransitions: 1,
    fence: noFence,
    items,
    statusDigest: `digest-${number}`,
  };
}
