import type { JsonObject } from '../schema/schema-type.ts';
import type { Form } from './negotiate.ts';
import type { ServedResource } from './served-resource.ts';

const metaVersion = 'meta.k8s.io/v1';

/** An object in the form and at the version that was asked for. */
export function represent(object: JsonObject, form: Form, { apiVersion }: ServedResource): JsonObject {
  if (form === 'metadata') {
    return { kind: 'PartialObjectMetadata', apiVersion: metaVersion, metadata: object['metadata'] };
  }
  return object['apiVersion'] === apiVersion ? object : { ...object, apiVersion };
}

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** A list; the items of a built-in kind do not repeat what they are. */
export function representList(
  objects: readonly JsonObject[],
  metadata: ListMetadata,
  form: Form,
  resource: ServedResource,
): JsonObject {
  const items = objects.map((object) => {
    const item = represent(object, form, resource);
    if (form === 'metadata' || resource.isCustom) return item;
    const { kind: _, apiVersion: __, ...rest } = item;
    return rest;
  });
  const isMetadata = form === 'metadata';
  return {
    kind: isMetadata ? 'PartialObjectMetadataList' : resource.listKind,
    apiVersion: isMetadata ? metaVersion : resource.apiVersion,
    // Custom lists say that they do not continue.
    metadata: { ...(resource.isCustom && !isMetadata && { continue: '' }), ...metadata },
    items,
  };
}

const texts = new WeakMap<JsonObject, string>();

/** The JSON text of a stored object, kept with it: several watchers send the same one. */
export function textOf(object: JsonObject): string {
  let text = texts.get(object);
  if (text === undefined) texts.set(object, (text = JSON.stringify(object)));
  return text;
}
