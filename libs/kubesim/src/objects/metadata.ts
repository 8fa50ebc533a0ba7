import type { ObjectMeta } from '@flotilla/model';
import type { JsonDraft, JsonObject } from '../schema/schema-type.ts';

/** What the engine itself reads in an object's metadata. */
export interface Metadata extends ObjectMeta {
  readonly generateName?: string;
  readonly deletionGracePeriodSeconds?: number;
}

export function metadataOf(object: JsonObject | JsonDraft): Metadata {
  return object['metadata'];
}

export function withResourceVersion(object: JsonObject, revision: number): JsonObject {
  return withMetadata(object, { resourceVersion: String(revision) });
}

/** The object with some fields of its metadata replaced, or left out where the value is absent. */
export function withMetadata(object: JsonObject, changes: { readonly [Key in keyof Metadata]?: unknown }): JsonObject {
  const metadata: JsonDraft = { ...(object['metadata'] as JsonObject) };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete metadata[name];
    else metadata[name] = value;
  }
  return { ...object, metadata };
}

/** Where an object is kept: `namespace/name`, or its name alone. */
export function storeKey(namespace: string, name: string): string {
  return namespace === '' ? name : `${namespace}/${name}`;
}

/** An instant as the API writes it, to the second. */
export function apiTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
