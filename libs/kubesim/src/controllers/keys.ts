import type { ObservedChange } from '../engine/cluster.ts';
import { storeKey } from '../objects/metadata.ts';
import { matchesLabels, type LabelSelector } from '@flotilla/model';
import type { Pod, Stored } from './kube-objects.ts';
import { pods, sameResource, type Resource } from './resources.ts';

export function keyOf({ metadata }: Stored): string {
  return storeKey(metadata.namespace ?? '', metadata.name);
}

/** The key of the object itself, when the change is one of its kind. */
export function itself({ resource, key }: ObservedChange, kind: Resource): readonly string[] {
  return sameResource(resource, kind) ? [key] : [];
}

/** The key of the controlling owner, when the change happened to one of its dependents. */
export function ownerOf(change: ObservedChange, dependents: Resource, ownerKind: string): readonly string[] {
  if (!sameResource(change.resource, dependents)) return [];
  const { metadata } = change.object as unknown as Stored;
  const owner = metadata.ownerReferences?.find(({ controller, kind }) => controller && kind === ownerKind);
  return owner ? [storeKey(metadata.namespace ?? '', owner.name)] : [];
}

/** The keys of those in the namespace whose selector matches a pod that changed. */
export function selecting(
  { resource, object }: ObservedChange,
  list: (namespace: string) => readonly (Stored & { readonly spec: { readonly selector?: LabelSelector } })[],
): readonly string[] {
  if (!sameResource(resource, pods)) return [];
  const { namespace = '', labels = {} } = (object as unknown as Pod).metadata;
  return list(namespace)
    .filter(({ spec }) => spec.selector && matchesLabels(spec.selector, labels))
    .map(keyOf);
}
