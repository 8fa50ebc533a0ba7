import type { ClusterClient } from '../cluster-client.ts';
import type { ControllerRevision, Pod, PodTemplate, StatefulSet } from '../kube-objects.ts';
import { podOf } from '../pod-template.ts';
import { controllerRevisions } from '../resources.ts';
import { revisionLabel } from '../revisions.ts';

/** The pod with a number, made of the template as it was at a revision. */
export function memberPod(client: ClusterClient, set: StatefulSet, ordinal: number, revision: string): object {
  const { name, namespace } = set.metadata;
  const stored = client.get<ControllerRevision>(controllerRevisions, `${namespace}/${revision}`);
  const template = (stored as unknown as { data: { spec: { template: PodTemplate } } }).data.spec.template;
  const { $patch: _, ...plain } = template as PodTemplate & { $patch?: string };
  const podName = `${name}-${ordinal}`;
  const claimed = (set.spec.volumeClaimTemplates ?? []).map(({ metadata }) => ({
    name: metadata.name,
    persistentVolumeClaim: { claimName: `${metadata.name}-${podName}` },
  }));
  const others = (plain.spec.volumes ?? []).filter((volume) => !claimed.some((claim) => claim.name === volume.name));
  const volumes = [...claimed, ...others];
  const spec = {
    ...plain.spec,
    hostname: podName,
    ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
    ...(volumes.length > 0 && { volumes }),
  };
  const labels = {
    'apps.kubernetes.io/pod-index': String(ordinal),
    [revisionLabel]: revision,
    'statefulset.kubernetes.io/pod-name': podName,
  };
  return podOf({ owner: set, template: { ...plain, spec }, name: podName, labels });
}

/** The claims of the pod with a number. They outlive it: nobody deletes data by scaling down. */
export function claimsOf({ metadata, spec }: StatefulSet, ordinal: number): readonly object[] {
  return (spec.volumeClaimTemplates ?? []).map((template) => ({
    ...template,
    metadata: {
      ...template.metadata,
      name: `${template.metadata.name}-${metadata.name}-${ordinal}`,
      labels: { ...spec.selector.matchLabels },
    },
  }));
}

export function ordinalOf({ metadata }: Pod): number {
  return Number(metadata.name.slice(metadata.name.lastIndexOf('-') + 1));
}

export function revisionOfPod({ metadata }: Pod): string | undefined {
  return metadata.labels?.[revisionLabel];
}
