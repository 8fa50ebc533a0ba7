import type { Decoded } from '../decode/decode-object.ts';
import type { FieldDoor } from '../fields/field-door.ts';
import type { KindRules } from '../kinds/kind-rules.ts';
import type { Json, JsonDraft, JsonObject } from '../schema/schema-type.ts';

/** How the objects of a kind are read. */
export interface Codec {
  decode(json: Json): Decoded;
  applyDefaults(draft: JsonDraft): void;
  /** The object with nothing in it. */
  readonly zero: JsonObject;
}

/** Where `scale` finds its numbers in an object, as paths of field names. */
export interface ScalePaths {
  readonly specReplicas: readonly string[];
  readonly statusReplicas: readonly string[];
  /** A field with the selector: a label selector, or its text. */
  readonly selector?: readonly string[];
}

export interface ServedSubresource {
  readonly name: string;
  readonly kind: string;
  readonly group?: string | undefined;
  readonly version?: string | undefined;
  readonly verbs: readonly string[];
}

/** A resource at one version, ready to be served. */
export interface ServedResource {
  readonly group: string;
  readonly version: string;
  readonly apiVersion: string;
  readonly kind: string;
  readonly listKind: string;
  readonly plural: string;
  readonly singular: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly string[];
  readonly storageVersionHash?: string | undefined;
  readonly subresources: readonly ServedSubresource[];
  readonly codec: Codec;
  readonly rules: KindRules;
  /** The door of the object itself under the empty name, and those of its subresources. */
  readonly doors: Readonly<Record<string, FieldDoor>>;
  readonly scale?: ScalePaths | undefined;
  /** Custom resources differ in a few ways: no strategic merge patch, and lists name the kind of each item. */
  readonly isCustom: boolean;
}

/** A resource, whatever its version. */
export interface ResourceName {
  /** Empty for the core group. */
  readonly group: string;
  readonly plural: string;
}

/** Where the objects of a resource are kept; its versions share the place. */
export function storeNameOf({ group, plural }: ResourceName): string {
  return group === '' ? plural : `${plural}.${group}`;
}

export function resourceOfStore(name: string): ResourceName {
  const [plural, ...group] = name.split('.');
  return { group: group.join('.'), plural: plural! };
}
