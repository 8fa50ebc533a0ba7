import type { ManagedFields } from '@flotilla/model';
import { difference, hasPath, isEmptySet, setOf } from './field-set.ts';
import { decodeOwners, encodeEntries, ownerId, type Owner } from './managers.ts';

export const scaleApiVersion = 'autoscaling/v1';

const replicasInScale = ['f:spec', 'f:replicas'];

/** The owners of an object's number of replicas, as owners of the `scale` object that stands for it. */
export function scaleOwners(
  entries: readonly ManagedFields[] | undefined,
  replicas: readonly string[],
): ManagedFields[] | undefined {
  const owners = [...(decodeOwners(entries)?.values() ?? [])].filter(({ fields }) => hasPath(fields, replicas));
  return encodeEntries(
    owners.map((owner) => ({ ...owner, apiVersion: scaleApiVersion, fields: setOf(replicasInScale) })),
  );
}

export interface ScaledOwners {
  /** The entries of the object before the write. */
  readonly before: readonly ManagedFields[] | undefined;
  /** The entries of the scale after it. */
  readonly scale: readonly ManagedFields[] | undefined;
  readonly apiVersion: string;
  readonly replicas: readonly string[];
}

/**
 * The owners of the object after a write of its scale: who lost the number there loses it here. As on a real server,
 * who updated the number at the object's own version is not recognised at the scale's, and comes out as two entries;
 * the next write that is not one of the scale drops the one without a time.
 */
export function ownersAfterScale({ before, scale, apiVersion, replicas }: ScaledOwners): ManagedFields[] | undefined {
  const scaling = new Map([...(decodeOwners(scale)?.values() ?? [])].map((owner) => [ownerId(owner), owner]));
  const owners: Owner[] = [];
  for (const [id, owner] of decodeOwners(before) ?? []) {
    const keeps = !hasPath(owner.fields, replicas) || scaling.delete(id);
    const fields = keeps ? owner.fields : difference(owner.fields, setOf(replicas));
    if (!isEmptySet(fields)) owners.push(keeps ? owner : { ...owner, fields });
  }
  for (const { time: _, ...owner } of scaling.values()) {
    if (hasPath(owner.fields, replicasInScale)) owners.push({ ...owner, apiVersion, fields: setOf(replicas) });
  }
  return encodeEntries(owners);
}
