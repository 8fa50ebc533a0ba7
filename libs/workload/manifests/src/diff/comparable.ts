import type { KubeObject } from '@flotilla/model';
import { isRecord } from '../fields/select.ts';
import { asKept } from '../manifests/as-kept.ts';
import { lastAppliedAnnotation } from '../manifests/last-applied.ts';

/** What the server keeps for itself, and changes without anybody meaning it. */
const bookkeeping = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);

/** The part of an object that a person would compare. */
export function comparable(object: KubeObject): Readonly<Record<string, unknown>> {
  const { status: _, metadata, ...fields } = asKept(object);
  const kept = Object.entries(metadata).filter(([field]) => !bookkeeping.has(field));
  return { ...fields, metadata: withoutLastApplied(Object.fromEntries(kept)) };
}

function withoutLastApplied(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { annotations } = metadata;
  if (!isRecord(annotations) || !Object.hasOwn(annotations, lastAppliedAnnotation)) return metadata;
  const { [lastAppliedAnnotation]: _, ...kept } = annotations;
  return { ...metadata, annotations: kept };
}
