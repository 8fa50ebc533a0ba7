import { matchesLabels, type LabelSelector, type OwnerReference } from '@flotilla/model';
import type { ClusterClient } from './cluster-client.ts';
import { keyOf } from './keys.ts';
import type { Stored } from './kube-objects.ts';
import type { Resource } from './resources.ts';

export function controllerReference({ apiVersion, kind, metadata }: Stored): OwnerReference {
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
}

export function isControlledBy(object: Stored, owner: Stored): boolean {
  return controllerOf(object)?.uid === owner.metadata.uid;
}

function controllerOf({ metadata }: Stored): OwnerReference | undefined {
  return metadata.ownerReferences?.find((reference) => reference.controller);
}

type Owner = Stored & { readonly spec: { readonly selector: LabelSelector } };

/**
 * What an owner controls: the objects that say so, and those that match its selector and belong to nobody, which it
 * adopts. What ceased to match it lets go.
 */
export async function claimDependents<Kind extends Stored>(
  client: ClusterClient,
  resource: Resource,
  owner: Owner,
): Promise<readonly Kind[]> {
  const claimed: Kind[] = [];
  for (const object of client.list<Kind>(resource, owner.metadata.namespace)) {
    const matches = matchesLabels(owner.spec.selector, object.metadata.labels ?? {});
    if (isControlledBy(object, owner)) {
      if (matches || owner.metadata.deletionTimestamp) claimed.push(object);
      else await release(client, resource, object, owner);
    } else if (matches && mayAdopt(object, owner)) {
      await adopt(client, resource, object, owner);
      claimed.push(client.get<Kind>(resource, keyOf(object))!);
    }
  }
  return claimed;
}

function mayAdopt(object: Stored, owner: Stored): boolean {
  const isGoing = owner.metadata.deletionTimestamp ?? object.metadata.deletionTimestamp;
  return isGoing === undefined && controllerOf(object) === undefined;
}

async function adopt(client: ClusterClient, resource: Resource, object: Stored, owner: Stored): Promise<void> {
  const ownerReferences = [...(object.metadata.ownerReferences ?? []), controllerReference(owner)];
  await client.mergePatch(resource, object, { metadata: { uid: object.metadata.uid, ownerReferences } });
}

async function release(client: ClusterClient, resource: Resource, object: Stored, owner: Stored): Promise<void> {
  const others = (object.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.metadata.uid);
  await client.mergePatch(resource, object, { metadata: { uid: object.metadata.uid, ownerReferences: others } });
}
