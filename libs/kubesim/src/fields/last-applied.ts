import { isObject, type Json, type JsonObject } from '../schema/schema-type.ts';
import { checkValues } from './check-values.ts';
import { compareValues } from './compare-values.ts';
import { difference, hasPath, union } from './field-set.ts';
import type { FieldDoor } from './field-door.ts';
import { toFieldSet } from './to-field-set.ts';

const annotation = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * kubectl's way from client-side to server-side apply: a conflict is allowed on a field that the object still has as
 * kubectl once applied it, because the other owner is kubectl itself. `undefined` when there is no such record.
 */
export function allowedByLastApplied(
  door: FieldDoor,
  live: JsonObject,
): ((path: readonly string[]) => boolean) | undefined {
  const applied = readLastApplied(live);
  const type = door.typeOf(door.apiVersion);
  if (!applied || !type || applied['apiVersion'] !== door.apiVersion) return undefined;
  if (checkValues(type, applied, { duplicates: 'refuse' }) !== '') return undefined;
  const { modified, added, removed } = compareValues(type, applied, live);
  const unchanged = difference(toFieldSet(type, applied), union(union(modified, added), removed));
  return (path) => hasPath(unchanged, path);
}

/** Keeps the record up to date for the clients that still read it. */
export function withLastApplied(object: JsonObject, config: JsonObject): JsonObject {
  const metadata = object['metadata'] as JsonObject | undefined;
  const annotations = metadata?.['annotations'];
  if (!isObject(annotations) || !annotations[annotation]) return object;
  const record = `${JSON.stringify(withoutRecord(config))}\n`;
  return { ...object, metadata: { ...metadata, annotations: { ...annotations, [annotation]: record } } };
}

function readLastApplied(live: JsonObject): JsonObject | undefined {
  const annotations = (live['metadata'] as JsonObject | undefined)?.['annotations'];
  const text = isObject(annotations) ? annotations[annotation] : undefined;
  if (typeof text !== 'string' || text === '') return undefined;
  try {
    const record = JSON.parse(text) as Json;
    return isObject(record) ? record : undefined;
  } catch {
    return undefined;
  }
}

function withoutRecord(config: JsonObject): JsonObject {
  const metadata = config['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  if (!isObject(annotations)) return config;
  const { [annotation]: _, ...rest } = annotations;
  return { ...config, metadata: { ...(metadata as JsonObject), annotations: rest } };
}
