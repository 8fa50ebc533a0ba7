import { isObject, type Json, type JsonObject, type ListType } from '../schema/schema-type.ts';

/** The element of a path that leads to a named field. */
export function fieldElement(name: string): string {
  return `f:${name}`;
}

/** The name in a field element; `undefined` for an element that leads to a list item. */
export function fieldNameOf(element: string): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

export type ItemElement =
  | { readonly ok: true; readonly element: string }
  | { readonly ok: false; readonly problem: string };

/** The element that leads to an item of a set or of a keyed list, or why the item has none. */
export function itemElement(list: ListType, item: Json): ItemElement {
  return list.merge === 'set' ? setElement(item) : keyElement(list, item);
}

function setElement(item: Json): ItemElement {
  if (item === null) return problem("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) return problem('not supported: associative list with lists as elements');
  if (isObject(item)) return problem("associative list without keys has an element that's a map type");
  return { ok: true, element: `v:${JSON.stringify(item)}` };
}

function keyElement(list: ListType, item: Json): ItemElement {
  if (item === null) return problem('associative list with keys may not have a null element');
  if (!isObject(item)) return problem('associative list with keys may not have non-map elements');
  const keys = list.merge as readonly string[];
  const parts: string[] = [];
  // Keys are few and their order matters: the encoding has them sorted by name.
  for (const name of keys.length > 1 ? keys.toSorted() : keys) {
    const value = keyValue(list, item, name);
    if (value !== undefined) parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  }
  if (parts.length === 0) return problem(missingKeys(keys));
  return { ok: true, element: `k:{${parts.join(',')}}` };
}

function keyValue(list: ListType, item: JsonObject, name: string): Json | undefined {
  const value = item[name];
  if (value !== undefined) return value;
  return list.element.kind === 'struct' ? list.element.fields.get(name)?.default : undefined;
}

function missingKeys(keys: readonly string[]): string {
  const names = keys.map((key) => `"${key}"`).join(' ');
  return `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`;
}

function problem(text: string): ItemElement {
  return { ok: false, problem: text };
}

/** A path as the server's messages write it: `.spec.containers[name="app"].image`. */
export function pathText(path: readonly string[]): string {
  return path.map(elementText).join('');
}

export function elementText(element: string): string {
  const content = element.slice(2);
  switch (element[0]) {
    case 'f':
      return `.${content}`;
    case 'v':
      return `[=${content}]`;
    case 'k':
      return `[${keysText(content)}]`;
    default:
      return `[${content}]`;
  }
}

function keysText(content: string): string {
  const keys = JSON.parse(content) as Record<string, Json>;
  return Object.entries(keys)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
}
