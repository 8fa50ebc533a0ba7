import { isList, isObject, type Json, type SchemaType } from '../schema/schema-type.ts';

/** How a value is treated: by its type, or, where the type is free, by what it is. Nothing and null count as a map. */
export type Shape = 'scalar' | 'list' | 'map';

export function shapeOf(type: SchemaType, value: Json | undefined): Shape {
  switch (type.kind) {
    case 'scalar':
      return 'scalar';
    case 'list':
      return 'list';
    case 'struct':
    case 'map':
      return 'map';
    case 'any':
      if (isList(value)) return 'list';
      return isObject(value) || value === null || value === undefined ? 'map' : 'scalar';
  }
}

/** Whether the value is owned as a whole, with the parts it has in this shape. */
export function isAtomic(type: SchemaType, shape: Shape): boolean {
  switch (type.kind) {
    case 'scalar':
      return true;
    case 'list':
      return type.merge === 'atomic';
    case 'struct':
    case 'map':
      return type.atomic;
    case 'any':
      return type.atomic || shape !== 'map';
  }
}

/** The type of a field or entry; free-form values have free-form parts. */
export function typeOfPart(type: SchemaType, name: string): SchemaType {
  if (type.kind === 'map') return type.element;
  if (type.kind === 'struct') return type.fields.get(name)?.type ?? type.others ?? { kind: 'any', atomic: false };
  return type;
}

export function typeOfItem(type: SchemaType): SchemaType {
  return type.kind === 'list' ? type.element : type;
}

/** Null and nothing are empty too. */
export function isEmptyMap(value: Json | undefined): boolean {
  if (!isObject(value)) return true;
  for (const key in value) if (value[key] !== undefined) return false;
  return true;
}

export function isEmptyList(value: Json | undefined): boolean {
  return !isList(value) || value.length === 0;
}

export function equalValues(left: Json | undefined, right: Json | undefined): boolean {
  if (left === right) return true;
  if (isList(left)) return isList(right) && equalLists(left, right);
  if (!isObject(left) || !isObject(right)) return false;
  let count = 0;
  for (const key in left) {
    if (left[key] === undefined) continue;
    count++;
    if (!equalValues(left[key], right[key])) return false;
  }
  for (const key in right) if (right[key] !== undefined) count--;
  return count === 0;
}

function equalLists(left: readonly Json[], right: readonly Json[]): boolean {
  return left.length === right.length && left.every((item, index) => equalValues(item, right[index]));
}
