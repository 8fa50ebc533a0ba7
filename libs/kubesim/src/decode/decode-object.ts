import {
  goNameOf,
  isList,
  isObject,
  type Json,
  type JsonDraft,
  type ListType,
  type MapType,
  type ScalarType,
  type SchemaType,
  type StructField,
  type StructType,
} from '../schema/schema-type.ts';
import { decodeScalar, emptyScalar } from './decode-scalar.ts';

/** What was found while reading an object. Only the first type error counts; unknown fields are all named. */
export interface DecodeProblems {
  error: string | undefined;
  readonly unknown: string[];
}

export interface Decoded {
  readonly value: JsonDraft;
  readonly problems: DecodeProblems;
}

/**
 * Reads JSON the way the Go types of the API do, and writes it as they do: unknown fields are dropped, zeros that the
 * type leaves out are left out, structs that it always writes are there, amounts and times have one form.
 */
export function decodeObject(type: StructType, json: Json): Decoded {
  const problems: DecodeProblems = { error: undefined, unknown: [] };
  const value = decodeStruct(type, json, { problems, names: [], path: '', holder: type.goName });
  return { value, problems };
}

/** The object of a kind with nothing in it: what a created object is compared with. */
export function zeroObject(type: StructType): JsonDraft {
  return decodeObject(type, {}).value;
}

interface Place {
  readonly problems: DecodeProblems;
  /** The names of the fields from the root, for type errors. */
  readonly names: readonly string[];
  /** The path from the root with list positions, for unknown fields. */
  readonly path: string;
  /** The Go name of the struct that holds the field. */
  readonly holder: string;
}

function decodeStruct(type: StructType, json: Json, place: Place): JsonDraft {
  const value: JsonDraft = {};
  if (json !== null && !isObject(json)) {
    mismatch(type, json, place);
    return value;
  }
  const inside = { ...place, holder: type.goName };
  for (const name in json ?? {}) {
    const field = type.fields.get(name);
    const path = place.path === '' ? name : `${place.path}.${name}`;
    if (field) decodeField(field, json![name]!, { ...inside, path, names: [...place.names, name] }, value);
    else place.problems.unknown.push(path);
  }
  for (const field of alwaysWritten(type)) {
    if (!(field.name in value)) value[field.name] = emptyValue(field);
  }
  return value;
}

function decodeField(field: StructField, json: Json, place: Place, into: JsonDraft): void {
  const value = json === null ? undefined : decodeValue(field.type, json, place);
  if (value === undefined || isLeftOut(field, value)) return;
  into[field.name] = value;
}

function decodeValue(type: SchemaType, json: Json, place: Place): Json | undefined {
  switch (type.kind) {
    case 'scalar':
      return decodeScalarAt(type, json, place);
    case 'struct':
      return decodeStruct(type, json, place);
    case 'map':
      return decodeMap(type, json, place);
    case 'list':
      return decodeList(type, json, place);
    case 'any':
      return json;
  }
}

function decodeScalarAt(type: ScalarType, json: Json, place: Place): Json | undefined {
  const read = decodeScalar(type, json);
  if (read.ok) return read.value;
  if (read.problem === undefined) mismatch(type, json, place);
  else place.problems.error ??= read.problem;
  return undefined;
}

function decodeMap(type: MapType, json: Json, place: Place): Json | undefined {
  if (!isObject(json)) return mismatch(type, json, place);
  const value: JsonDraft = {};
  for (const key of Object.keys(json)) {
    const path = `${place.path}.${key}`;
    value[key] = decodeElement(type.element, json[key]!, { ...place, path });
  }
  return value;
}

function decodeList(type: ListType, json: Json, place: Place): Json | undefined {
  if (!isList(json)) return mismatch(type, json, place);
  return json.map((item, index) => decodeElement(type.element, item, { ...place, path: `${place.path}[${index}]` }));
}

/** An element that is null, or cannot be read, is the zero of its type. */
function decodeElement(type: SchemaType, json: Json, place: Place): Json {
  const value = json === null && type.kind !== 'struct' ? undefined : decodeValue(type, json, place);
  if (value !== undefined) return value;
  return type.kind === 'scalar' ? emptyScalar(type) : null;
}

function mismatch(type: SchemaType, json: Json, { problems, names, holder }: Place): undefined {
  const goName = goNameOf(type);
  const target = names.length > 0 ? `Go struct field ${shortName(holder)}.${names.join('.')}` : 'Go value';
  problems.error ??= `json: cannot unmarshal ${jsonKind(json)} into ${target} of type ${goName}`;
  return undefined;
}

function jsonKind(json: Json): string {
  if (isList(json)) return 'array';
  if (typeof json === 'boolean') return 'bool';
  if (typeof json !== 'number') return typeof json;
  return Number.isInteger(json) && Math.abs(json) < 2 ** 31 ? 'number' : `number ${json}`;
}

function shortName(goName: string): string {
  return goName.slice(goName.lastIndexOf('.') + 1);
}

/** `omitempty` leaves out zeros and what is empty, but never a struct; a pointer's target is always written. */
function isLeftOut({ type, pointer, omitEmpty, omitZero }: StructField, value: Json): boolean {
  if (pointer) return false;
  if (type.kind === 'list' || type.kind === 'map') return isEmptyContainer(value);
  if (type.kind === 'scalar' && omitEmpty && !isGoStruct(type)) return isZero(type, value);
  return omitZero && type.kind === 'struct' && Object.keys(value as object).length === 0;
}

function isEmptyContainer(value: Json): boolean {
  return isList(value) ? value.length === 0 : Object.keys(value as object).length === 0;
}

function isZero(type: ScalarType, value: Json): boolean {
  return value === emptyScalar(type);
}

/** These look like scalars in JSON and are structs in Go, which `omitempty` does not leave out. */
function isGoStruct({ scalar }: ScalarType): boolean {
  return scalar === 'time' || scalar === 'microTime' || scalar === 'quantity' || scalar === 'intOrString';
}

const written = new WeakMap<StructType, readonly StructField[]>();

/** The fields that are there even when nobody set them. */
function alwaysWritten(type: StructType): readonly StructField[] {
  let fields = written.get(type);
  if (!fields) written.set(type, (fields = [...type.fields.values()].filter(isAlwaysWritten)));
  return fields;
}

function isAlwaysWritten({ type, pointer, omitEmpty, omitZero }: StructField): boolean {
  if (omitZero) return false;
  if (!omitEmpty) return true;
  return !pointer && (type.kind === 'struct' || (type.kind === 'scalar' && isGoStruct(type)) || isRaw(type));
}

/** Raw JSON is a struct as well, and null when it is empty. */
function isRaw(type: SchemaType): boolean {
  return type.kind === 'any' && type.atomic;
}

function emptyValue({ type, pointer }: StructField): Json {
  if (pointer) return null;
  if (type.kind === 'struct') return zeroObject(type);
  return type.kind === 'scalar' ? emptyScalar(type) : null;
}
