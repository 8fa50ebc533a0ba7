import type { KubeObject } from '@flotilla/model';

const setByServer = new Set([
  'uid',
  'resourceVersion',
  'generation',
  'managedFields',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'selfLink',
]);

/** What kubectl's client-side apply leaves in an object; in Git it is a copy of an older self. */
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object without what a cluster wrote into it: manifests are often the output of `kubectl get`. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...kept } = object;
  const metadata = Object.entries(object.metadata).filter(([field]) => !setByServer.has(field));
  return { ...kept, metadata: withoutLastApplied(Object.fromEntries(metadata)) } as KubeObject;
}

function withoutLastApplied(metadata: Record<string, unknown>): Record<string, unknown> {
  const annotations = metadata['annotations'] as Readonly<Record<string, unknown>> | null | undefined;
  if (!annotations || !Object.hasOwn(annotations, lastApplied)) return metadata;
  const { [lastApplied]: _, ...kept } = annotations;
  const { annotations: __, ...others } = metadata;
  return Object.keys(kept).length > 0 ? { ...others, annotations: kept } : others;
}
