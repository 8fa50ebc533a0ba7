import { isList, isObject, type Json, type JsonObject, type ListType, type SchemaType } from '../schema/schema-type.ts';
import { newSet, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { isAtomic, isEmptyMap, shapeOf, typeOfPart } from './values.ts';

/** Every leaf and every list item that a value mentions: what somebody who applies it comes to own. */
export function toFieldSet(type: SchemaType, value: Json): FieldSet {
  const root = newSet();
  collect(type, value, root);
  // Nobody owns a whole object.
  root.member = false;
  return root;
}

function collect(type: SchemaType, value: Json, node: FieldSet): void {
  const shape = shapeOf(type, value);
  if (isAtomic(type, shape)) {
    node.member = true;
  } else if (shape === 'map') {
    if (isObject(value)) collectFields(type, value, node);
  } else if (isList(value)) {
    collectItems(type as ListType, value, node);
  }
}

function collectFields(type: SchemaType, value: JsonObject, node: FieldSet): void {
  for (const name in value) {
    const part = value[name];
    if (part === undefined) continue;
    const child = newSet();
    collect(typeOfPart(type, name), part, child);
    const declared = type.kind === 'struct' && type.fields.has(name);
    if (!declared || part === null || (isObject(part) && isEmptyMap(part))) child.member = true;
    if (child.member || child.children.size > 0) node.children.set(fieldElement(name), child);
  }
}

/** An item that occurs more than once is owned as a whole: its parts cannot be told apart. */
function collectItems(type: ListType, items: readonly Json[], node: FieldSet): void {
  const seen = new Map<string, number>();
  const elements = items.map((item) => {
    const found = itemElement(type, item);
    const element = found.ok ? found.element : undefined;
    if (element !== undefined) seen.set(element, (seen.get(element) ?? 0) + 1);
    return element;
  });
  for (const [index, element] of elements.entries()) {
    if (element === undefined) continue;
    const child = newSet();
    child.member = true;
    if (seen.get(element) === 1) collect(type.element, items[index]!, child);
    node.children.set(element, child);
    child.member = true;
  }
}
