import { countingIds } from '@flotilla/foundation/testing';
import type { ClusterFacts, FreezeFacts } from '../facts.ts';
import type { DeliveryWorld } from './delivery-record-cases.ts';
import { checkoutDocument, checkoutFacts, clusterFacts, freezeFacts, stageFacts } from './delivery-facts.ts';
import { InMemoryDeliveryRecord } from './in-memory-delivery-record.ts';

/** A fleet that the in-memory record knows from a few maps. */
export function inMemoryDeliveryWorld(): DeliveryWorld & { readonly record: InMemoryDeliveryRecord } {
  const uids = { checkout: 'checkout-uid', catalog: 'catalog-uid' };
  const clusters: ClusterFacts[] = [];
  const pushes = new Map<string, number>();
  const deleted = new Set<string>();
  const outside = (uid: string) => {
    const name = uid.replace(/-uid$/, '');
    if (deleted.has(name)) return undefined;
    const document = { ...checkoutDocument(), metadata: { name, project: 'default' } };
    const count = pushes.get(name) ?? 0;
    const head = { commit: String(count).repeat(40), trees: [`tree-${count}`] };
    const stage = stageFacts('dev', { path: `services/${name}/dev`, ...(count > 0 && { head }) });
    return { application: checkoutFacts({ uid, name, document }), clusters, stages: [stage] };
  };
  const freezes = new Map<string, FreezeFacts>();
  const record = new InMemoryDeliveryRecord({ outside, freezes: () => [...freezes.values()] });
  return {
    record,
    recovery: record,
    ids: countingIds(),
    uids,
    addCluster: async (name) => {
      const cluster = clusterFacts(name, 'dev');
      clusters.push(cluster);
      return cluster.uid;
    },
    push: async (name) => void pushes.set(name, (pushes.get(name) ?? 0) + 1),
    deleteApplication: async (name) => void deleted.add(name),
    freeze: async (name) => void freezes.set(name, freezeFacts(name)),
    lift: async (name) => void freezes.delete(name),
    report: async (cluster, fence, statuses) => record.report(cluster, fence, statuses),
  };
}
