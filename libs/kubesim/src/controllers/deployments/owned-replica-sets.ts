import { equalValues } from '../../fields/values.ts';
import type { Json } from '../../schema/schema-type.ts';
import type { ClusterClient } from '../cluster-client.ts';
import { claimDependents, controllerReference } from '../dependents.ts';
import type { Deployment, PodTemplate, ReplicaSet } from '../kube-objects.ts';
import { templateHash } from '../pod-template.ts';
import { replicaSets } from '../resources.ts';

const hashLabel = 'pod-template-hash';
export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const desiredAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxAnnotation = 'deployment.kubernetes.io/max-replicas';

/** The ReplicaSets of a Deployment, oldest first: the one with its newest template, and all others. */
export interface OwnedReplicaSets {
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export async function ownedReplicaSets(client: ClusterClient, deployment: Deployment): Promise<OwnedReplicaSets> {
  const owned = (await claimDependents<ReplicaSet>(client, replicaSets, deployment)).toSorted(
    (left, right) =>
      left.metadata.creationTimestamp.localeCompare(right.metadata.creationTimestamp) ||
      left.metadata.name.localeCompare(right.metadata.name),
  );
  const current = owned.find((set) => sameTemplate(set.spec.template, deployment.spec.template));
  return { current, old: owned.filter((set) => set !== current) };
}

function sameTemplate(ofSet: PodTemplate, wanted: PodTemplate): boolean {
  const { [hashLabel]: _, ...labels } = ofSet.metadata?.labels ?? {};
  const plain = { ...ofSet, metadata: { ...ofSet.metadata, labels } };
  return equalValues(
    plain as unknown as Json,
    { ...wanted, metadata: { labels: {}, ...wanted.metadata } } as unknown as Json,
  );
}

export function revisionOf({ metadata }: ReplicaSet | Deployment): number {
  return Number(metadata.annotations?.[revisionAnnotation] ?? 0);
}

/** The ReplicaSet for a template that has none yet. */
export function newReplicaSet(deployment: Deployment, replicas: number, annotations: Record<string, string>): object {
  const { selector, template, minReadySeconds } = deployment.spec;
  const hash = templateHash(template);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels,
      annotations: { ...inheritedAnnotations(deployment), ...annotations },
      ownerReferences: [controllerReference(deployment)],
    },
    spec: {
      replicas,
      ...(minReadySeconds !== undefined && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

/** What a Deployment's annotations say about its rollout or its last apply is not said of its ReplicaSets. */
function inheritedAnnotations({ metadata }: Deployment): Record<string, string> {
  const own = [
    'kubectl.kubernetes.io/last-applied-configuration',
    'deprecated.deployment.rollback.to',
    revisionAnnotation,
    desiredAnnotation,
    maxAnnotation,
  ];
  return Object.fromEntries(Object.entries(metadata.annotations ?? {}).filter(([name]) => !own.includes(name)));
}
