import type { JsonObject } from '../schema/schema-type.ts';
import type { Cluster } from './cluster.ts';

/** A cluster as JSON: what a restarted process needs to go on. */
export interface KubeSimSnapshot {
  readonly version: 1;
  readonly revision: number;
  readonly addresses: readonly [number, number];
  readonly stores: Readonly<Record<string, readonly (readonly [string, JsonObject])[]>>;
}

export function saveCluster({ revisions, addresses, stores }: Cluster): KubeSimSnapshot {
  return {
    version: 1,
    revision: revisions.current,
    addresses: addresses.save(),
    stores: Object.fromEntries([...stores].map(([name, store]) => [name, store.entries()])),
  };
}

export function restoreCluster(cluster: Cluster, { revision, addresses, stores }: KubeSimSnapshot): void {
  cluster.revisions.current = revision;
  cluster.addresses.restore(addresses);
  const names = new Set([...Object.keys(stores), ...cluster.stores.keys()]);
  for (const name of names) cluster.storeNamed(name).restore(stores[name] ?? []);
  cluster.compact();
}
