import type { JsonObject } from '../schema/schema-type.ts';
import type { Form } from './negotiate.ts';
import type { ServedResource } from './served-resource.ts';

const metaVersion = 'meta.k8s.io/v1';

/** The JSON text of an object, in the form and at the version that was asked for. */
export function represent(object: JsonObject, form: Form, { apiVersion }: ServedResource): string {
  if (form === 'metadata') {
    return JSON.stringify({
      kind: 'PartialObjectMetadata',
      apiVersion: metaVersion,
      metadata: object['metadata'],
    });
  }
  return object['apiVersion'] === apiVersion ? textOf(object) : JSON.stringify({ ...object, apiVersion });
}

export interface ListMetadata {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

/** The JSON text of a list. */
export function representList(
  objects: readonly JsonObject[],
  metadata: ListMetadata,
  form: Form,
  resource: ServedResource,
): string {
  const isMetadata = form === 'metadata';
  const head = JSON.stringify({
    kind: isMetadata ? 'PartialObjectMetadataList' : resource.listKind,
    apiVersion: isMetadata ? metaVersion : resource.apiVersion,
    // Custom lists say that they do not continue.
    metadata: { ...(resource.isCustom && !isMetadata && { continue: '' }), ...metadata },
  });
  const saysWhatItIs = isMetadata || resource.isCustom;
  const items = objects.map((object) => (saysWhatItIs ? represent(object, form, resource) : itemTextOf(object)));
  return `${head.slice(0, -1)},"items":[${items.join(',')}]}`;
}

// Objects are values, so a text is right for as long as its object is there. Watchers and lists ask for the same ones
// again and again.
const texts = new WeakMap<JsonObject, string>();
const itemTexts = new WeakMap<JsonObject, string>();

function textOf(object: JsonObject): string {
  let text = texts.get(object);
  if (text === undefined) texts.set(object, (text = JSON.stringify(object)));
  return text;
}

/** In a list, an object of a built-in kind does not repeat what it is. */
function itemTextOf(object: JsonObject): string {
  let text = itemTexts.get(object);
  if (text === undefined) {
    const { kind: _, apiVersion: __, ...rest } = object;
    itemTexts.set(object, (text = JSON.stringify(rest)));
  }
  return text;
}
