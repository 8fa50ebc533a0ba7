import type { OwnerReference } from '@flotilla/model';
import type { ObservedChange } from '../../engine/cluster.ts';
import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import type { Stored } from '../kube-objects.ts';
import type { Resource } from '../resources.ts';
import { ownersOf, OwnershipGraph, placeOf, type Place } from './ownership-graph.ts';

interface Found {
  readonly resource: Resource;
  readonly object: Stored;
}

/**
 * Deletes what has lost the last of its owners. On request an owner waits for its dependents before it goes, or leaves
 * them behind without it.
 */
export class GarbageCollector implements Controller {
  readonly name = 'collector';
  readonly #client: ClusterClient;
  readonly #graph = new OwnershipGraph();

  constructor(client: ClusterClient) {
    this.#client = client;
  }

  affectedBy(change: ObservedChange): readonly string[] {
    // Events belong to nobody, and there are many.
    if (change.resource.plural === 'events') return [];
    this.#graph.follow(change);
    const object = change.object as unknown as Stored;
    const { uid, namespace } = object.metadata;
    if (change.type === 'DELETED') {
      const owners = ownersOf(object).flatMap((owner) => this.#graph.ownerPlace(owner, namespace) ?? []);
      return [...this.#graph.dependentsOf(uid), ...owners];
    }
    if (waitsForDependents(object)) return [placeOf(change), ...this.#graph.dependentsOf(uid)];
    return orphans(object) || ownersOf(object).length > 0 ? [placeOf(change)] : [];
  }

  async reconcile(place: string): Promise<undefined> {
    const found = this.#find(place);
    if (!found) return undefined;
    if (waitsForDependents(found.object)) return this.#letOwnerGo(found);
    if (orphans(found.object)) return this.#orphanDependents(found);
    if (found.object.metadata.deletionTimestamp === undefined) await this.#judge(found);
    return undefined;
  }

  /** A dependent stays while one owner does. Its references to owners that are gone or going are taken away then. */
  async #judge({ resource, object }: Found): Promise<void> {
    const references = object.metadata.ownerReferences ?? [];
    const staying = references.filter((reference) => this.#stays(reference, object));
    if (references.length === 0 || staying.length === references.length) return;
    if (staying.length > 0) {
      await this.#setOwners(resource, object, staying);
      return;
    }
    const isWaitedFor = references.some(
      ({ uid }) => this.#graph.ownerPlace(uid, object.metadata.namespace) !== undefined,
    );
    const hasDependents = this.#graph.dependentsOf(object.metadata.uid).length > 0;
    const propagationPolicy = isWaitedFor && hasDependents ? 'Foreground' : 'Background';
    await this.#client.delete(resource, object, { propagationPolicy });
  }

  #stays({ uid }: OwnerReference, { metadata }: Stored): boolean {
    const place = this.#graph.ownerPlace(uid, metadata.namespace);
    const owner = place === undefined ? undefined : this.#find(place);
    return owner !== undefined && !waitsForDependents(owner.object);
  }

  /** An owner may go once nothing is left that says it blocks the deletion. */
  async #letOwnerGo({ resource, object }: Found): Promise<undefined> {
    const { uid } = object.metadata;
    const blocking = this.#graph
      .dependentsOf(uid)
      .filter((place) =>
        this.#find(place)?.object.metadata.ownerReferences?.some(
          (reference) => reference.uid === uid && reference.blockOwnerDeletion,
        ),
      );
    if (blocking.length === 0) await this.#removeFinalizer(resource, object, 'foregroundDeletion');
  }

  async #orphanDependents({ resource, object }: Found): Promise<undefined> {
    const { uid } = object.metadata;
    for (const place of this.#graph.dependentsOf(uid)) {
      const dependent = this.#find(place);
      const others = dependent?.object.metadata.ownerReferences?.filter((reference) => reference.uid !== uid);
      if (dependent && others) await this.#setOwners(dependent.resource, dependent.object, others);
    }
    await this.#removeFinalizer(resource, object, 'orphan');
  }

  async #setOwners(resource: Resource, object: Stored, owners: readonly OwnerReference[]): Promise<void> {
    const ownerReferences = owners.length > 0 ? owners : null;
    await this.#client.mergePatch(resource, object, { metadata: { uid: object.metadata.uid, ownerReferences } });
  }

  async #removeFinalizer(resource: Resource, object: Stored, name: string): Promise<void> {
    const finalizers = (object.metadata.finalizers ?? []).filter((finalizer) => finalizer !== name);
    const { resourceVersion } = object.metadata;
    await this.#client.mergePatch(resource, object, { metadata: { resourceVersion, finalizers } });
  }

  #find(place: Place): Found | undefined {
    const [name, key] = place.split(':') as [string, string];
    const [plural, ...group] = name.split('.') as [string, ...string[]];
    const resource = this.#client.view.resource({ plural, group: group.join('.') });
    const object = resource && this.#client.get(resource, key);
    return object && { resource, object };
  }
}

function waitsForDependents({ metadata }: Stored): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes('foregroundDeletion') === true;
}

function orphans({ metadata }: Stored): boolean {
  return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes('orphan') === true;
}
