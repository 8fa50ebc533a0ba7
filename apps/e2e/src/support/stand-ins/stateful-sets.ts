import { mapLimited } from '@flotilla/foundation';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import type { KubeClient } from '@flotilla/platform-kube';
import { controllerManager as manager } from './stand-in.ts';

interface StatefulSetSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly volumeClaimTemplates?: readonly KubeObject[];
}

export const statefulSets = { group: 'apps', kind: 'StatefulSet' };

/** It is ready as soon as it is seen, and has its claims. */
export async function settleStatefulSet(client: KubeClient, object: KubeObject): Promise<void> {
  const { generation } = object.metadata;
  if ((object.status as { observedGeneration?: number } | undefined)?.observedGeneration === generation) return;
  const { replicas = 1 } = object.spec as StatefulSetSpec;
  await mapLimited(claimsOf(object), 4, (claim) => client.create(claim, { manager }));
  const revisions = { currentRevision: 'stub', updateRevision: 'stub' };
  const counts = { replicas, readyReplicas: replicas, availableReplicas: replicas, currentReplicas: replicas };
  const status = { observedGeneration: generation, ...revisions, ...counts, updatedReplicas: replicas };
  await client.mergePatch(keyOfObject(object), { status }, { manager, subresource: 'status' });
}

function claimsOf({ metadata, spec }: KubeObject): KubeObject[] {
  const { replicas = 1, selector, volumeClaimTemplates = [] } = spec as StatefulSetSpec;
  return Array.from({ length: replicas }, (_, number) => number).flatMap((number) =>
    volumeClaimTemplates.map((template) => ({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: {
        name: `${template.metadata.name}-${metadata.name}-${number}`,
        namespace: metadata.namespace!,
        labels: selector.matchLabels,
      },
      spec: template.spec,
    })),
  );
}
