import type { KubeObject, ObjectMeta } from '@flotilla/model';
import { lastAppliedAnnotation } from './last-applied.ts';

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

/** The object without what a cluster wrote into it: manifests are often the output of `kubectl get`. */
export function withoutServerFields(object: KubeObject): KubeObject {
  const { status: _, ...kept } = object;
  const metadata = Object.entries(object.metadata).filter(([field]) => !setByServer.has(field));
  return { ...kept, metadata: withoutLastApplied(Object.fromEntries(metadata) as unknown as ObjectMeta) };
}

function withoutLastApplied(metadata: ObjectMeta): ObjectMeta {
  const { annotations, ...others } = metadata;
  if (!annotations || !Object.hasOwn(annotations, lastAppliedAnnotation)) return metadata;
  const { [lastAppliedAnnotation]: _, ...kept } = annotations;
  return Object.keys(kept).length > 0 ? { ...others, annotations: kept } : others;
}
