import { mapLimited, systemClock, systemRandom, toFault, type Running } from '@flotilla/foundation';
import { keyOfObject, type KubeObject } from '@flotilla/model';
import { createKubeClient, watchKind, type KubeClient, type KubeTransport } from '@flotilla/platform-kube';

const manager = 'kube-controller-manager';

interface StatefulSetSpec {
  readonly replicas?: number;
  readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
  readonly volumeClaimTemplates?: readonly KubeObject[];
}

/**
 * Stands in for the controller of StatefulSets where an API server runs alone: each becomes ready as soon as it is seen,
 * and has its claims. There are no pods.
 */
export function startStatefulSetStub(transport: KubeTransport): Running {
  const client = createKubeClient({ transport, clock: systemClock, random: systemRandom });
  const kind = { group: 'apps', kind: 'StatefulSet' };
  return watchKind(client, kind, {
    clock: systemClock,
    random: systemRandom,
    keep: () => undefined,
    onChange: (event) => {
      if (event.type !== 'added' && event.type !== 'changed') return;
      // What changed or went meanwhile comes as another event.
      void settle(client, event.object).catch((error: unknown) => {
        if (toFault(error).code !== 'not-found' && toFault(error).code !== 'conflict') throw error;
      });
    },
  });
}

async function settle(client: KubeClient, object: KubeObject): Promise<void> {
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
