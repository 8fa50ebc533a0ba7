import { storeKey } from '../objects/metadata.ts';
import type { JsonObject } from '../schema/schema-type.ts';
import type { Cluster, ObservedChange } from './cluster.ts';
import type { ResourceName } from './served-resource.ts';

/** A resource that is served, at the version that is preferred. */
export interface ServedName extends ResourceName {
  readonly version: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

/**
 * What is stored, to look at without a request: nothing is recorded, denied or delayed. Objects are the stored values
 * themselves and must not be changed.
 */
export class ClusterView {
  readonly #cluster: Cluster;

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  get({ group, plural }: ResourceName, namespace: string, name: string): JsonObject | undefined {
    return this.#cluster.get(group, plural, storeKey(namespace, name));
  }

  /** In the order of their names; those of all namespaces when none is given. */
  list(resource: ResourceName, namespace = ''): readonly JsonObject[] {
    const store = this.#cluster.store(resource);
    return (namespace === '' ? store.entries() : store.entriesIn(namespace)).map(([, object]) => object);
  }

  /** What is served, each resource once. */
  resources(): readonly ServedName[] {
    const seen = new Map<string, ServedName>();
    for (const resource of this.#cluster.registry.all()) {
      const name = `${resource.plural}.${resource.group}`;
      if (!seen.has(name)) seen.set(name, resource);
    }
    return [...seen.values()];
  }

  resource({ group, plural }: ResourceName): ServedName | undefined {
    return this.#cluster.registry.findAnyVersion(group, plural);
  }

  /** The resource of objects that say this of themselves. */
  resourceOf(apiVersion: string, kind: string): ServedName | undefined {
    return this.#cluster.registry.findKind(apiVersion, kind);
  }

  /** Tells of each change from now on, within the write itself: the listener must not write. */
  observe(listener: (change: ObservedChange) => void): () => void {
    return this.#cluster.listen(listener);
  }
}
