import type { KubeObject } from '@flotilla/model';
import { isRecord } from '../fields/select.ts';
import { lastAppliedAnnotation } from '../manifests/last-applied.ts';

/** What the server keeps for itself, and changes without anybody meaning it. */
const bookkeeping = new Set(['managedFields', 'resourceVersion', 'generation', 'uid', 'creationTimestamp', 'selfLink']);

/** The part of an object that a person would compare. */
export function comparable(object: KubeObject): Readonly<Record<string, unknown>> {
  const { status: _, metadata, ...fields } = object;
  const kept = Object.entries(metadata).filter(([field]) => !bookkeeping.has(field));
  return { ...encodedSecret(object, fields), metadata: withoutLastApplied(Object.fromEntries(kept)) };
}

function withoutLastApplied(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { annotations } = metadata;
  if (!isRecord(annotations) || !Object.hasOwn(annotations, lastAppliedAnnotation)) return metadata;
  const { [lastAppliedAnnotation]: _, ...kept } = annotations;
  return { ...metadata, annotations: kept };
}

/** The server keeps what is written as `stringData` in `data`. */
function encodedSecret(
  object: KubeObject,
  fields: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const { stringData, ...others } = fields;
  if (object.kind !== 'Secret' || object.apiVersion !== 'v1' || !isRecord(stringData)) return fields;
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString('base64'),
  ]);
  return { ...others, data: { ...(others['data'] as object), ...Object.fromEntries(encoded) } };
}
