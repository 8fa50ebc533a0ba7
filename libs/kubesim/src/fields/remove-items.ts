import { isList, isObject, type Json, type JsonDraft, type ListType, type SchemaType } from '../schema/schema-type.ts';
import { below, isEmptySet, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { isAtomic, shapeOf, typeOfPart } from './values.ts';

/** The value without the fields and items of a set. What has nothing left becomes null. */
export function removeItems(type: SchemaType, value: Json, items: FieldSet): Json {
  if (isEmptySet(items)) return value;
  const shape = shapeOf(type, value);
  if (shape === 'scalar') return value;
  if (isAtomic(type, shape)) return null;
  return shape === 'map' ? removeFields(type, value, items) : removeFromList(type as ListType, value, items);
}

function removeFields(type: SchemaType, value: Json, items: FieldSet): Json {
  if (!isObject(value)) return null;
  const rest: JsonDraft = {};
  let kept = false;
  for (const name in value) {
    const part = value[name];
    const node = items.children.get(fieldElement(name));
    if (part === undefined || node?.member) continue;
    rest[name] = node ? removeItems(typeOfPart(type, name), part, below(items, fieldElement(name))) : part;
    kept = true;
  }
  return kept ? rest : null;
}

function removeFromList(type: ListType, value: Json, items: FieldSet): Json {
  if (!isList(value)) return null;
  const rest: Json[] = [];
  for (const item of value) {
    const key = itemElement(type, item);
    const node = key.ok ? items.children.get(key.element) : undefined;
    if (node?.member) continue;
    rest.push(node ? removeItems(type.element, item, node) : item);
  }
  return rest.length > 0 ? rest : null;
}
