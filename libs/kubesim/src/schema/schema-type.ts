/** Any JSON value. Objects in the store are never changed in place: whoever changes one makes another. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** An object while it is being made. */
export interface JsonDraft {
  // oxlint-disable-next-line typescript/no-explicit-any -- a draft is shaped freely until it is stored
  [key: string]: any;
}

/**
 * The type of a field, for reading it, for merging it and for telling who owns it. Built-in kinds get theirs from the
 * schema of a real API server, custom resources from their definition.
 */
export type SchemaType = ScalarType | StructType | MapType | ListType | AnyType;

export type ScalarName =
  | 'string'
  | 'bool'
  | 'int32'
  | 'int64'
  | 'number'
  | 'quantity'
  | 'intOrString'
  | 'time'
  | 'microTime'
  | 'bytes';

export interface ScalarType {
  readonly kind: 'scalar';
  readonly scalar: ScalarName;
  /** The name of the Go type, which the server's messages mention. */
  readonly goName: string;
}

export interface StructType {
  readonly kind: 'struct';
  /** Its name in the schema file, such as `core.v1.Container`; empty for a struct of a custom resource. */
  readonly name: string;
  readonly goName: string;
  readonly fields: ReadonlyMap<string, StructField>;
  /** Owned and replaced as a whole. */
  readonly atomic: boolean;
  /** What a field that is not declared may be; absent when there may be none. */
  readonly others?: SchemaType;
}

export interface MapType {
  readonly kind: 'map';
  readonly element: SchemaType;
  readonly atomic: boolean;
}

export interface ListType {
  readonly kind: 'list';
  readonly element: SchemaType;
  readonly merge: ListMerge;
}

/** Whether a list is one value, a set of values, or a map whose keys are fields of its items. */
export type ListMerge = 'atomic' | 'set' | readonly string[];

/** Free-form JSON. Its maps are owned field by field unless it is atomic; its lists are always one value. */
export interface AnyType {
  readonly kind: 'any';
  readonly atomic: boolean;
}

export interface StructField {
  readonly name: string;
  readonly type: SchemaType;
  /** A Go pointer: an explicit zero is kept. */
  readonly pointer: boolean;
  readonly omitEmpty: boolean;
  readonly omitZero: boolean;
  /** The value a missing key field of a list item stands for. */
  readonly default?: Json;
  readonly patch?: PatchWords;
}

/** How a strategic merge patch treats the field. */
export interface PatchWords {
  readonly strategies: readonly string[];
  readonly mergeKey?: string;
}

export const anyType: AnyType = { kind: 'any', atomic: false };
export const atomicAnyType: AnyType = { kind: 'any', atomic: true };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isList(value: unknown): value is readonly Json[] {
  return Array.isArray(value);
}

/** The declared or undeclared type of a field, if it may exist. */
export function typeOfField(type: StructType | MapType, name: string): SchemaType | undefined {
  if (type.kind === 'map') return type.element;
  return type.fields.get(name)?.type ?? type.others;
}

/** How Go writes the type, in the server's messages. */
export function goNameOf(type: SchemaType): string {
  switch (type.kind) {
    case 'scalar':
    case 'struct':
      return type.goName;
    case 'map':
      return `map[string]${goNameOf(type.element)}`;
    case 'list':
      return `[]${goNameOf(type.element)}`;
    case 'any':
      return 'map[string]interface {}';
  }
}
