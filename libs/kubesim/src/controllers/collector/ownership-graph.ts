import type { ObservedChange } from '../../engine/cluster.ts';
import type { Stored } from '../kube-objects.ts';

/** Where an object is kept: its resource, its namespace and its name, in one text. */
export type Place = string;

interface Living {
  readonly place: Place;
  readonly namespace: string | undefined;
}

/** Who owns whom, kept up with the changes of the cluster. */
export class OwnershipGraph {
  readonly #living = new Map<string, Living>();
  readonly #dependents = new Map<string, Set<Place>>();

  follow(change: ObservedChange): void {
    const { metadata } = change.object as unknown as Stored;
    const place = placeOf(change);
    for (const uid of ownersOf(change.previous)) this.#dependents.get(uid)?.delete(place);
    if (change.type === 'DELETED') {
      this.#living.delete(metadata.uid);
      if (this.#dependents.get(metadata.uid)?.size === 0) this.#dependents.delete(metadata.uid);
      return;
    }
    this.#living.set(metadata.uid, { place, namespace: metadata.namespace });
    for (const uid of ownersOf(change.object)) {
      const dependents = this.#dependents.get(uid) ?? new Set();
      this.#dependents.set(uid, dependents.add(place));
    }
  }

  dependentsOf(uid: string): readonly Place[] {
    return [...(this.#dependents.get(uid) ?? [])];
  }

  /** Where an owner is. One in another namespace does not count: nobody can own across that border. */
  ownerPlace(uid: string, namespace: string | undefined): Place | undefined {
    const owner = this.#living.get(uid);
    return owner && (owner.namespace === undefined || owner.namespace === namespace) ? owner.place : undefined;
  }
}

export function placeOf({ resource, key }: ObservedChange): Place {
  return `${resource.plural}.${resource.group}:${key}`;
}

export function ownersOf(object: unknown): readonly string[] {
  const references = (object as Stored | undefined)?.metadata.ownerReferences ?? [];
  return references.map(({ uid }) => uid);
}
