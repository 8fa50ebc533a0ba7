import { equalValues } from '../fields/values.ts';
import {
  isList,
  isObject,
  typeOfField,
  type Json,
  type JsonDraft,
  type JsonObject,
  type SchemaType,
  type StructField,
} from '../schema/schema-type.ts';

const directive = '$patch';
const deleteFromList = '$deleteFromPrimitiveList/';
const setOrder = '$setElementOrder/';
const retainKeys = '$retainKeys';

/**
 * The document after a strategic merge patch: like a merge patch, but lists whose type says so are merged by the key
 * of their items, and a patch may carry directives of its own.
 */
export function applyStrategicMergePatch(type: SchemaType, document: JsonObject, patch: JsonObject): JsonObject {
  return mergeObjects(type, document, patch);
}

function mergeObjects(type: SchemaType, document: JsonObject, patch: JsonObject): JsonObject {
  if (patch[directive] === 'replace') return without(patch, directive);
  if (patch[directive] === 'delete') return {};
  const merged: JsonDraft = retained(document, patch);
  for (const [name, value] of Object.entries(patch)) {
    if (name === directive || name === retainKeys || name.startsWith(setOrder)) continue;
    if (name.startsWith(deleteFromList)) removeValues(merged, name.slice(deleteFromList.length), value as Json[]);
    else if (value === null) delete merged[name];
    else merged[name] = mergeField(fieldOf(type, name), merged[name] as Json | undefined, value!);
  }
  for (const name of Object.keys(patch)) {
    if (!name.startsWith(setOrder)) continue;
    const listName = name.slice(setOrder.length);
    reorder(type, merged, { name: listName, order: patch[name] as Json[], before: document[listName] ?? null });
  }
  return merged;
}

interface PatchField {
  readonly type: SchemaType | undefined;
  readonly field: StructField | undefined;
}

function fieldOf(type: SchemaType, name: string): PatchField {
  const field = type.kind === 'struct' ? type.fields.get(name) : undefined;
  const fieldType = type.kind === 'struct' || type.kind === 'map' ? typeOfField(type, name) : type;
  return { type: fieldType, field };
}

function mergeField({ type, field }: PatchField, value: Json | undefined, patch: Json): Json {
  if (isObject(patch)) return mergeObjects(type ?? anything, isObject(value) ? value : {}, patch);
  const strategies = field?.patch?.strategies ?? [];
  if (!isList(patch) || !strategies.includes('merge')) return isList(patch) ? plainItems(patch) : patch;
  const element = type?.kind === 'list' ? type.element : anything;
  const key = field?.patch?.mergeKey;
  if (key === undefined) return mergeValues(isList(value) ? value : [], patch);
  return mergeItems(element, key, isList(value) ? value : [], patch);
}

const anything: SchemaType = { kind: 'any', atomic: false };

/** A list that is replaced as a whole may still say so with directives. */
function plainItems(patch: readonly Json[]): Json {
  return patch.filter((item) => !(isObject(item) && item[directive] !== undefined));
}

function mergeValues(values: readonly Json[], patch: readonly Json[]): Json {
  const added = patch.filter((item) => !values.some((value) => equalValues(value, item)));
  return inOrder([...values, ...added], { order: patch, before: values, key: undefined });
}

function mergeItems(type: SchemaType, key: string, items: readonly Json[], patch: readonly Json[]): Json {
  const plain = patch.filter((item) => isObject(item) && item[directive] === undefined);
  if (patch.some((item) => isObject(item) && item[directive] === 'replace')) return plain;
  const deleted = patch.filter((item) => isObject(item) && item[directive] === 'delete');
  const kept = items.filter((item) => indexOf(deleted, item, key) === -1);
  const merged = kept.map((item) => {
    const change = plain[indexOf(plain, item, key)];
    return change === undefined ? item : mergeObjects(type, item as JsonObject, change as JsonObject);
  });
  const added = plain.filter((item) => indexOf(kept, item, key) === -1);
  const made = added.map((item) => mergeObjects(type, {}, item as JsonObject));
  return inOrder([...merged, ...made], { order: plain, before: items, key });
}

function removeValues(merged: JsonDraft, name: string, values: readonly Json[]): void {
  const list = merged[name] as Json[] | undefined;
  if (list) merged[name] = list.filter((item) => !values.some((value) => equalValues(value, item)));
}

interface Reordering {
  readonly name: string;
  readonly order: readonly Json[];
  readonly before: Json;
}

function reorder(type: SchemaType, merged: JsonDraft, { name, order, before }: Reordering): void {
  const list = merged[name] as Json[] | undefined;
  const key = fieldOf(type, name).field?.patch?.mergeKey;
  if (list) merged[name] = inOrder(list, { order, before: isList(before) ? before : [], key });
}

interface Order {
  /** The items in the order that the patch wants. */
  readonly order: readonly Json[];
  /** The items as they were. */
  readonly before: readonly Json[];
  readonly key: string | undefined;
}

/**
 * Puts the items that the patch names in its order, and each of the others before the first of them that it was
 * before. What is new comes first.
 */
function inOrder(items: readonly Json[], { order, before, key }: Order): Json[] {
  const byOrder = (list: readonly Json[]) => (left: Json, right: Json) =>
    indexOf(list, left, key) - indexOf(list, right, key);
  const named = items.filter((item) => indexOf(order, item, key) !== -1).toSorted(byOrder(order));
  const others = items.filter((item) => indexOf(order, item, key) === -1).toSorted(byOrder(before));
  const result: Json[] = [];
  while (named.length > 0 && others.length > 0) {
    const [left, right] = [indexOf(before, others[0]!, key), indexOf(before, named[0]!, key)];
    result.push(left !== -1 && right !== -1 && left < right ? others.shift()! : named.shift()!);
  }
  return [...result, ...named, ...others];
}

function indexOf(list: readonly Json[], item: Json, key: string | undefined): number {
  if (key === undefined) return list.findIndex((other) => equalValues(other, item));
  return list.findIndex((other) => isObject(other) && isObject(item) && equalValues(other[key], item[key]));
}

/** `$retainKeys` lists the fields that may stay. */
function retained(document: JsonObject, patch: JsonObject): JsonDraft {
  const keys = patch[retainKeys] as readonly string[] | undefined;
  if (!keys) return { ...document };
  return Object.fromEntries(Object.entries(document).filter(([name]) => keys.includes(name)));
}

function without(object: JsonObject, name: string): JsonObject {
  const { [name]: _, ...rest } = object;
  return rest;
}
