import type { ClusterClient } from '../cluster-client.ts';
import type { Controller } from '../controller.ts';
import { itself } from '../keys.ts';
import type { Pod, Stored } from '../kube-objects.ts';
import { pods, sameResource, volumeClaims, volumes } from '../resources.ts';

interface VolumeClaim extends Stored {
  readonly spec: {
    readonly accessModes: readonly string[];
    readonly storageClassName?: string;
    readonly volumeMode?: string;
    readonly volumeName?: string;
    readonly resources: { readonly requests: { readonly storage: string } };
  };
  readonly status?: { readonly phase?: string; readonly capacity?: { readonly storage?: string } };
}

interface Volume extends Stored {
  readonly spec: {
    readonly claimRef?: { readonly namespace: string; readonly name: string; readonly uid?: string };
    readonly persistentVolumeReclaimPolicy?: string;
  };
  readonly status?: { readonly phase?: string };
}

/** Makes a volume for each claim and binds the two; lets claims go that no pod uses, and their volumes with them. */
export function volumeClaimController(client: ClusterClient): Controller {
  return {
    name: 'volumeclaim',
    affectedBy: (change) => [
      ...itself(change, volumeClaims),
      ...(sameResource(change.resource, pods) ? claimsOf(change.object as unknown as Pod) : []),
    ],
    reconcile: async (key) => {
      const claim = client.get<VolumeClaim>(volumeClaims, key);
      if (!claim) return undefined;
      if (claim.metadata.deletionTimestamp) await letGo(client, claim, key);
      else await bind(client, claim);
      return undefined;
    },
  };
}

function claimsOf({ metadata, spec }: Pod): readonly string[] {
  const names = (spec?.volumes ?? []).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? []);
  return names.map((name) => `${metadata.namespace}/${name}`);
}

async function letGo(client: ClusterClient, claim: VolumeClaim, key: string): Promise<void> {
  const isUsed = client.list<Pod>(pods, claim.metadata.namespace).some((pod) => claimsOf(pod).includes(key));
  if (!isUsed) await removeFinalizer(client, volumeClaims, claim, 'kubernetes.io/pvc-protection');
}

async function bind(client: ClusterClient, claim: VolumeClaim): Promise<void> {
  const { storage } = claim.spec.resources.requests;
  if (!claim.spec.volumeName) {
    const volumeName = `pvc-${claim.metadata.uid}`;
    if (!client.get(volumes, volumeName)) await client.create(volumes, '', volumeFor(claim, volumeName));
    const annotations = {
      ...claim.metadata.annotations,
      'pv.kubernetes.io/bind-completed': 'yes',
      'pv.kubernetes.io/bound-by-controller': 'yes',
    };
    const metadata = { ...claim.metadata, annotations };
    await client.update(volumeClaims, { ...claim, metadata, spec: { ...claim.spec, volumeName } } as VolumeClaim);
    return;
  }
  const { accessModes } = claim.spec;
  await client.writeStatus(volumeClaims, claim, {
    ...claim.status,
    phase: 'Bound',
    accessModes,
    capacity: { storage },
  });
}

function volumeFor({ metadata, spec }: VolumeClaim, name: string): object {
  const { namespace, name: claimName, uid } = metadata;
  return {
    metadata: { name, annotations: { 'pv.kubernetes.io/provisioned-by': 'kubesim.flotilla.dev' } },
    spec: {
      accessModes: spec.accessModes,
      capacity: { storage: spec.resources.requests.storage },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace, name: claimName, uid },
      hostPath: { path: `/var/local/${name}` },
      persistentVolumeReclaimPolicy: 'Delete',
      ...(spec.storageClassName && { storageClassName: spec.storageClassName }),
      ...(spec.volumeMode && { volumeMode: spec.volumeMode }),
    },
  };
}

/** Tells of a volume whether it is free, bound or left behind; one that was made for a claim goes with it. */
export function volumeController(client: ClusterClient): Controller {
  return {
    name: 'volume',
    affectedBy: (change) => [
      ...itself(change, volumes),
      ...(sameResource(change.resource, volumeClaims) ? volumesOf(change.object as unknown as VolumeClaim) : []),
    ],
    reconcile: async (key) => {
      const volume = client.get<Volume>(volumes, key);
      if (!volume) return undefined;
      const { claimRef, persistentVolumeReclaimPolicy } = volume.spec;
      const claim = claimRef && client.get<VolumeClaim>(volumeClaims, `${claimRef.namespace}/${claimRef.name}`);
      const isBound = claim !== undefined && (claimRef?.uid === undefined || claim.metadata.uid === claimRef.uid);
      if (volume.metadata.deletionTimestamp) {
        if (!isBound) await removeFinalizer(client, volumes, volume, 'kubernetes.io/pv-protection');
      } else if (claimRef?.uid && !isBound && persistentVolumeReclaimPolicy === 'Delete') {
        await client.delete(volumes, volume);
      } else {
        const phase = isBound ? 'Bound' : claimRef?.uid ? 'Released' : 'Available';
        await client.writeStatus(volumes, volume, { ...volume.status, phase });
      }
      return undefined;
    },
  };
}

function volumesOf({ spec }: VolumeClaim): readonly string[] {
  return spec.volumeName ? [spec.volumeName] : [];
}

async function removeFinalizer(
  client: ClusterClient,
  resource: typeof volumes,
  object: Stored,
  name: string,
): Promise<void> {
  const { finalizers = [] } = object.metadata;
  if (!finalizers.includes(name)) return;
  const rest = finalizers.filter((finalizer) => finalizer !== name);
  await client.update(resource, { ...object, metadata: { ...object.metadata, finalizers: rest } });
}
